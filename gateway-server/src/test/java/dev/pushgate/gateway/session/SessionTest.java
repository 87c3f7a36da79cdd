package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class SessionTest {
  private final TestGateway gateway = new TestGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aSubscriberGetsWhatIsPublishedWithItsOffset() {
    try (SocketClient client = gateway.connect()) {
      assertThat(client.subscribe("news"))
          .startsWith("{\"type\":\"subscribed\",\"channel\":\"news\",\"epoch\":\"")
          .endsWith(",\"offset\":0}");
      gateway.publish("news", "{\"n\": 1}");
      assertThat(client.next())
          .startsWith("{\"type\":\"message\",\"channel\":\"news\",\"messageId\":\"")
          .contains(",\"eventType\":\"message\",\"clientId\":\"server\",\"data\":{\"n\": 1},")
          .endsWith(",\"offset\":1}");
    }
  }

  @Test
  void anUnsubscriberGetsNothingMore() {
    try (SocketClient client = gateway.connect()) {
      client.subscribe("news");
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"news\",\"ref\":\"u\"}");
      assertThat(client.next())
          .isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"news\",\"ref\":\"u\"}");
      gateway.publish("news", "1");
      client.text("{\"type\":\"ping\"}");
      assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
    }
  }

  @Test
  void subscribingTwiceAndUnsubscribingFromNothingAreAnsweredAndChangeNothing() {
    try (SocketClient client = gateway.connect()) {
      String first = client.subscribe("news");
      assertThat(client.subscribe("news")).isEqualTo(first);
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"other\"}");
      assertThat(client.next()).isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"other\"}");
      gateway.publish("news", "1");
      assertThat(client.next()).contains("\"offset\":1");
      gateway.publish("news", "2");
      assertThat(client.next()).contains("\"offset\":2");
    }
  }

  @Test
  void eachPingHasExactlyOnePong() {
    try (SocketClient client = gateway.connect()) {
      for (int i = 0; i < 50; i++) {
        client.text("{\"type\":\"ping\",\"ref\":\"" + i + "\"}");
      }
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"end\"}");
      for (int i = 0; i < 50; i++) {
        assertThat(client.next()).isEqualTo("{\"type\":\"pong\",\"ref\":\"" + i + "\"}");
      }
      assertThat(client.next()).contains("unsubscribed");
    }
  }

  @Test
  void aPrivateChannelIsForThoseWhoseGrantCoversIt() {
    gateway.declare("secret", true);
    try (SocketClient stranger = gateway.connect();
        SocketClient friend = gateway.connect(gateway.token("secret", Permission.SUBSCRIBE))) {
      stranger.text("{\"type\":\"subscribe\",\"channel\":\"secret\",\"ref\":\"s\"}");
      assertThat(stranger.next())
          .contains("\"code\":\"FORBIDDEN\"")
          .endsWith(",\"channel\":\"secret\",\"ref\":\"s\"}");
      friend.subscribe("secret");
      gateway.publish("secret", "1");
      assertThat(friend.next()).contains("\"offset\":1");
    }
  }

  @Test
  void whoMayNotStayInAChannelMadePrivateIsToldAndRemoved() {
    gateway.declare("open", false);
    try (SocketClient client = gateway.connect()) {
      client.subscribe("open");
      gateway
          .engine
          .channels()
          .update(TestGateway.key("open"), channel -> TestGateway.declared("open", true))
          .toCompletableFuture()
          .join();
      assertThat(client.next()).contains("\"code\":\"FORBIDDEN\"").contains("\"open\"");
      assertThat(client.next()).isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"open\"}");
    }
  }

  @Test
  void aDeletedPrivateChannelsNameIsClosedToAllButThoseWhoAreGrantedIt() {
    gateway.declare("payroll", true);
    try (SocketClient stranger = gateway.connect();
        SocketClient granted = gateway.connect(gateway.token("payroll", Permission.SUBSCRIBE));
        SocketClient server = gateway.connect(gateway.secretKey.reveal())) {
      gateway.engine.channels().delete(TestGateway.key("payroll")).toCompletableFuture().join();
      stranger.text("{\"type\":\"subscribe\",\"channel\":\"payroll\",\"rewind\":10}");
      assertThat(stranger.next()).contains("\"code\":\"FORBIDDEN\"").contains("\"payroll\"");
      granted.subscribe("payroll");
      server.text("{\"type\":\"publish\",\"channel\":\"payroll\",\"data\":1}");
      assertThat(granted.next()).contains("\"type\":\"message\"");

      gateway.declare("payroll", false);
      stranger.subscribe("payroll");
    }
  }

  @Test
  void membersOfADeletedChannelAreTold() {
    gateway.declare("gone", false);
    try (SocketClient client = gateway.connect()) {
      client.subscribe("gone");
      gateway.engine.channels().delete(TestGateway.key("gone")).toCompletableFuture().join();
      assertThat(client.next()).isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"gone\"}");
    }
  }

  @Test
  void whereChannelsMustBeDeclaredAnotherOneIsNotFound() {
    gateway.declare("known", false);
    gateway.setApp(List.of("*"), false);
    try (SocketClient client = gateway.connect()) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"unknown\"}");
      assertThat(client.next())
          .contains("\"code\":\"CHANNEL_NOT_FOUND\"")
          .endsWith(",\"channel\":\"unknown\"}");
      client.subscribe("known");
    }
  }

  @Test
  void the257thSubscriptionIsRefusedAndOneLessMakesRoom() {
    try (SocketClient client = gateway.connect()) {
      for (int i = 0; i < 256; i++) {
        client.subscribe("c" + i);
      }
      client.text("{\"type\":\"subscribe\",\"channel\":\"over\",\"ref\":\"r\",\"rewind\":1}");
      assertThat(client.next())
          .contains("\"code\":\"QUOTA_EXCEEDED\"")
          .endsWith(",\"channel\":\"over\",\"ref\":\"r\"}");
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"c0\"}");
      client.nextWith("unsubscribed");
      client.subscribe("over");
    }
  }

  @Test
  void aBadCommandIsToldAndTheConnectionStays() {
    try (SocketClient client = gateway.connect()) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"a b\",\"ref\":\"r\"}");
      assertThat(client.next())
          .startsWith("{\"type\":\"error\",\"error\":\"channel must be 1 to 200 characters")
          .endsWith("\",\"code\":\"VALIDATION_ERROR\",\"ref\":\"r\"}");
      client.subscribe("ab");
    }
  }

  @Test
  void theThirdUnknownTypeCloses() {
    try (SocketClient client = gateway.connect()) {
      for (int i = 0; i < 3; i++) {
        client.text("{\"type\":\"hello\"}");
        assertThat(client.next()).contains("\"code\":\"VALIDATION_ERROR\"");
      }
      assertThat(client.next()).isEqualTo("close 4004 protocol error");
      client.send(new ClientBytes().close(4004, "").bytes());
      assertThat(client.next()).isEqualTo("end");
      await().until(() -> gateway.closed(CloseReason.PROTOCOL_ERROR) == 1);
    }
  }

  @Test
  void whatIsNoJsonIsToldAndCloses() {
    for (String text : new String[] {"", "hello", "{\"type\":\"ping\",}"}) {
      try (SocketClient client = gateway.connect()) {
        client.text(text);
        assertThat(client.next()).contains("\"code\":\"INVALID_JSON\"");
        assertThat(client.next()).isEqualTo("close 4004 protocol error");
      }
    }
  }

  @Test
  void appsNeverMeet() {
    try (SocketClient client = gateway.connect()) {
      client.subscribe("news");
      var unused =
          gateway
              .engine
              .relay()
              .publish(
                  new PublishRequest(
                      new ChannelKey(new AppId("other"), new ChannelName("news")),
                      "message",
                      "x",
                      new byte[] {'1'},
                      null))
              .toCompletableFuture()
              .join();
      gateway.publish("news", "\"ours\"");
      assertThat(client.next()).contains("\"data\":\"ours\"");
    }
  }
}
