package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NoticeWireTest {
  private static final AppId APP = new AppId("a");
  private static final ChannelKey KEY = new ChannelKey(APP, new ChannelName("room-1"));
  private static final List<Notice> NOTICES =
      List.of(
          new Notice.KeysChanged(),
          new Notice.ChannelChanged(KEY),
          new Notice.Disconnect(APP, new Target.User("ü\n")),
          new Notice.Disconnect(APP, new Target.Connection("n1-7")),
          new Notice.Unsubscribe(APP, new Target.Client("c"), null),
          new Notice.Unsubscribe(APP, new Target.Client(""), KEY));

  @Test
  void everyNoticeIsReadAsItWasWritten() {
    for (Notice notice : NOTICES) {
      NoticeWire.Sent sent = new NoticeWire.Sent("id", 42, notice);
      assertThat(read(NoticeWire.write(sent))).contains(sent);
    }
    NoticeWire.Sent leftOut = new NoticeWire.Sent("id", 42, null);
    assertThat(read(NoticeWire.write(leftOut))).contains(leftOut);
  }

  @Test
  void whatIsCutLongerOrOfAnotherVersionIsNone() {
    for (Notice notice : NOTICES) {
      byte[] bytes = NoticeWire.write(new NoticeWire.Sent("id", 42, notice));
      for (int length = 0; length < bytes.length; length++) {
        assertThat(read(Arrays.copyOf(bytes, length))).isEmpty();
      }
      assertThat(read(Arrays.copyOf(bytes, bytes.length + 1))).isEmpty();
      bytes[7]++;
      assertThat(read(bytes)).isEmpty();
    }
  }

  @Test
  void aLengthThatIsALieTakesNoMemory() {
    byte[] bytes = NoticeWire.write(new NoticeWire.Sent("id", 42, new Notice.KeysChanged()));
    bytes[9] = 0x7f;

    assertThat(read(bytes)).isEmpty();
  }

  @Test
  void changedBytesAreReadWithoutHarm() {
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      Notice notice = NOTICES.get(random.nextInt(NOTICES.size()));
      byte[] bytes = NoticeWire.write(new NoticeWire.Sent("id", 42, notice));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      assertThat(read(bytes)).isNotNull();
    }
  }

  private static Optional<NoticeWire.Sent> read(byte[] bytes) {
    return NoticeWire.read(ByteBuffer.wrap(bytes));
  }
}
