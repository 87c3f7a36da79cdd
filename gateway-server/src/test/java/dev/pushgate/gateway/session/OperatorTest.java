package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Sessions that are ended, or taken out of channels, by somebody else.
@ExtendWith(NoLeaks.class)
class OperatorTest {
  private static final String TOLD =
      "{\"type\":\"error\",\"error\":\"Disconnected by the operator\",\"code\":\"FORBIDDEN\"}";
  private static final String CLOSED = "close 4003 forbidden";

  private final TestGateway gateway = new TestGateway();
  private final List<String> read = new ArrayList<>();
  private final NoticeDesk desk =
      new NoticeDesk(
          gateway.sessions,
          () -> read.add("keys"),
          key -> read.add(key.toString()),
          () -> read.add("all"),
          System::nanoTime);

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void disconnect(Target target) {
    desk.accept(new Notice.Disconnect(AppId.DEFAULT, target));
  }

  private void unsubscribe(Target target, @Nullable String channel) {
    ChannelKey key = channel == null ? null : TestGateway.key(channel);
    desk.accept(new Notice.Unsubscribe(AppId.DEFAULT, target, key));
  }

  /// A session that is told of nothing else still answers.
  private static void isUntouched(SocketClient client) {
    client.text("{\"type\":\"ping\"}");
    assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
  }

  @Test
  void allConnectionsOfAUserAreClosedWhereverTheyLiveAndNoOthers() {
    List<SocketClient> hers = new ArrayList<>();
    try (SocketClient other = gateway.connect(gateway.tokenOf("bob"));
        SocketClient nobody = gateway.connect()) {
      for (int i = 0; i < 8; i++) {
        hers.add(gateway.connect(gateway.tokenOf("ann")));
      }
      disconnect(new Target.User("ann"));
      for (SocketClient client : hers) {
        assertThat(client.next()).isEqualTo(TOLD);
        assertThat(client.next()).isEqualTo(CLOSED);
        client.close();
      }
      isUntouched(other);
      isUntouched(nobody);
      await().until(() -> gateway.closed(CloseReason.FORBIDDEN) == 8);
    }
  }

  @Test
  void aClientIsKnownByTheIdThatItWasTold() {
    try (SocketClient client = new SocketClient(gateway.port);
        SocketClient other = gateway.connect()) {
      disconnect(new Target.Client(idIn(client, "clientId")));
      assertThat(client.next()).isEqualTo(TOLD);
      assertThat(client.next()).isEqualTo(CLOSED);
      isUntouched(other);
    }
  }

  @Test
  void oneConnectionIsKnownByItsNodesIdAndItsOwn() {
    try (SocketClient client = new SocketClient(gateway.port);
        SocketClient other = gateway.connect()) {
      String id = idIn(client, "connectionId");
      assertThat(id).startsWith(TestGateway.NODE + "-");
      String own = id.substring(TestGateway.NODE.length());
      disconnect(new Target.Connection("n2" + own));
      disconnect(new Target.Connection(own));
      disconnect(new Target.Connection(TestGateway.NODE + "-x"));
      isUntouched(client);
      disconnect(new Target.Connection(id));
      assertThat(client.next()).isEqualTo(TOLD);
      assertThat(client.next()).isEqualTo(CLOSED);
      isUntouched(other);
    }
  }

  private String idIn(SocketClient client, String field) {
    client.handshake("/ws?token=" + gateway.publishKey.reveal());
    Matcher found = Pattern.compile("\"" + field + "\":\"([^\"]+)\"").matcher(client.next());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void anotherAppsUserOfThatNameIsSomebodyElse() {
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      desk.accept(new Notice.Disconnect(new AppId("other"), new Target.User("ann")));
      isUntouched(client);
    }
  }

  @Test
  void oneChannelIsLeftAndTheOthersGoOn() {
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"));
        SocketClient other = gateway.connect(gateway.tokenOf("bob"))) {
      client.subscribe("a");
      client.subscribe("b");
      other.subscribe("a");
      unsubscribe(new Target.User("ann"), "a");
      assertThat(client.next()).isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"a\"}");
      gateway.publish("a", "1");
      gateway.publish("b", "2");
      assertThat(client.next()).contains("\"channel\":\"b\"", "\"data\":2");
      assertThat(other.next()).contains("\"channel\":\"a\"", "\"data\":1");
      unsubscribe(new Target.User("ann"), "a");
      isUntouched(client);
    }
  }

  @Test
  void allChannelsAreLeftAndTheConnectionStays() {
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      client.subscribe("a");
      client.subscribe("b");
      unsubscribe(new Target.User("ann"), null);
      assertThat(List.of(client.next(), client.next()))
          .containsExactlyInAnyOrder(
              "{\"type\":\"unsubscribed\",\"channel\":\"a\"}",
              "{\"type\":\"unsubscribed\",\"channel\":\"b\"}");
      gateway.publish("a", "1");
      isUntouched(client);
      assertThat(client.subscribe("a")).contains("\"offset\":1");
    }
  }

  @Test
  void aJoinThatWaitsIsCalledOffAndTheNextCommandHasItsTurn() {
    gateway.store.hold();
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"" + TestGateway.KEPT + "\",\"rewind\":5}");
      isUntouched(client);
      client.text("{\"type\":\"subscribe\",\"channel\":\"a\",\"rewind\":5}");
      isUntouched(client);
      unsubscribe(new Target.User("ann"), TestGateway.KEPT);
      assertThat(client.next()).startsWith("{\"type\":\"unsubscribed\",\"channel\":\"kept\"");
      assertThat(client.next()).startsWith("{\"type\":\"subscribed\",\"channel\":\"a\"");
      gateway.store.release();
      gateway.publish(TestGateway.KEPT, "1");
      isUntouched(client);
    }
  }

  @Test
  void aSubscribeThatHasNotHadItsTurnIsNotCarriedOut() {
    gateway.store.hold();
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"" + TestGateway.KEPT + "\",\"rewind\":5}");
      client.text("{\"type\":\"subscribe\",\"channel\":\"a\",\"rewind\":5,\"ref\":\"r\"}");
      isUntouched(client);
      unsubscribe(new Target.User("ann"), "a");
      assertThat(client.next()).contains("\"CONFLICT\"").contains("\"ref\":\"r\"");
      assertThat(client.next()).startsWith("{\"type\":\"unsubscribed\",\"channel\":\"a\"");
      gateway.store.release();
      assertThat(client.next()).startsWith("{\"type\":\"subscribed\",\"channel\":\"kept\"");
      gateway.publish("a", "1");
      isUntouched(client);
    }
  }

  @Test
  void whatChangedInTheStoreIsReadAgain() {
    desk.accept(new Notice.KeysChanged());
    desk.accept(new Notice.ChannelChanged(TestGateway.key("c")));
    desk.missedSome();
    assertThat(read).containsExactly("keys", TestGateway.key("c").toString(), "all");
  }

  @Test
  void aNoticeThatCannotBeCarriedOutHurtsNobodyElse() {
    NoticeDesk broken =
        new NoticeDesk(
            gateway.sessions,
            OperatorTest::fail,
            _ -> fail(),
            OperatorTest::fail,
            System::nanoTime);
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      broken.accept(new Notice.KeysChanged());
      broken.missedSome();
      broken.accept(new Notice.Disconnect(AppId.DEFAULT, new Target.User("ann")));
      assertThat(client.next()).isEqualTo(TOLD);
    }
  }

  private static void fail() {
    throw new IllegalStateException("broken by the test");
  }
}
