package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedisNoticesTest {
  private static final long NOW_MS = 1_000_000;
  private static final AppId APP = new AppId("a");
  private static final Notice DISCONNECT = new Notice.Disconnect(APP, new Target.User("u"));
  private static final Notice UNSUBSCRIBE = new Notice.Unsubscribe(APP, new Target.User("u"), null);
  private static final Notice CHANGED =
      new Notice.ChannelChanged(new ChannelKey(APP, new ChannelName("room")));

  private final List<Notice> told = new ArrayList<>();
  private final Seal seal = new Seal(null);
  private final ControlThread thread = new ControlThread();
  private final RedisNotices notices =
      new RedisNotices(
          List.of(),
          new ControlKeys("p"),
          seal,
          thread,
          () -> "id",
          () -> 0,
          new Drops(new CountingObserver()));

  @BeforeEach
  void listen() {
    notices.start(
        new Notices.Listener() {
          @Override
          public void accept(Notice notice) {
            told.add(notice);
          }

          @Override
          public void missedSome() {
            throw new AssertionError("nothing was missed");
          }
        });
  }

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void whatIsAboutThoseWhoAreConnectedIsCarriedOutWithinAMinuteOnly() {
    hears("1", DISCONNECT, NOW_MS - 60_000);
    hears("2", UNSUBSCRIBE, NOW_MS - 60_000);
    hears("3", DISCONNECT, NOW_MS - 60_001);
    hears("4", UNSUBSCRIBE, NOW_MS - 60_001);

    assertThat(told).containsExactly(DISCONNECT, UNSUBSCRIBE);
  }

  @Test
  void whatChangedInTheStoreIsReadHoweverLateItComes() {
    hears("1", CHANGED, 0);
    hears("2", new Notice.KeysChanged(), 0);

    assertThat(told).containsExactly(CHANGED, new Notice.KeysChanged());
  }

  @Test
  void whatSeveralRedisBringIsCarriedOutOnce() {
    hears("1", DISCONNECT, NOW_MS);
    hears("1", DISCONNECT, NOW_MS);

    assertThat(told).containsExactly(DISCONNECT);
  }

  private void hears(String id, Notice notice, long toldAtMs) {
    byte[] body =
        seal.close(ByteBuffer.wrap(NoticeWire.write(new NoticeWire.Sent(id, toldAtMs, notice))));
    notices.arrived(new Beat(NOW_MS, false, List.of(), false, List.of(new Beat.Told(1, id, body))));
  }
}
