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
  void resumingBringsExactlyWhatWasMissed() {
    try (SocketClient client = gateway.connect()) {
      String epoch = epochIn(client.subscribe("news"));
      gateway.publish("news", "1");
      client.nextWith("\"offset\":1");
      client.close();
      gateway.publish("news", "2");
      gateway.publish("news", "3");
      try (SocketClient again = gateway.connect()) {
        again.text(
            "{\"type\":\"subscribe\",\"channel\":\"news\",\"since\":{\"epoch\":\""
                + epoch
                + "\",\"offset\":1},\"ref\":\"r\"}");
        assertThat(again.next()).endsWith(",\"offset\":3,\"recovered\":true,\"ref\":\"r\"}");
        assertThat(again.next()).endsWith("\"offset\":2}");
        assertThat(again.next()).endsWith("\"offset\":3}");
        gateway.publish("news", "4");
        assertThat(again.next()).endsWith("\"offset\":4}");
      }
    }
  }

  @Test
  void aResumeFromAnotherEpochIsNotRecoveredAndGoesOnLive() {
    gateway.publish("news", "1");
    try (SocketClient client = gateway.connect()) {
      client.text(
          "{\"type\":\"subscribe\",\"channel\":\"news\","
              + "\"since\":{\"epoch\":\"other\",\"offset\":0}}");
      assertThat(client.next()).endsWith(",\"recovered\":false}");
      gateway.publish("news", "2");
      assertThat(client.next()).contains("\"data\":2");
    }
  }

  @Test
  void rewindBringsTheLastMessages() {
    try (SocketClient keeper = gateway.connect();
        SocketClient client = gateway.connect()) {
      keeper.subscribe("news");
      for (int i = 1; i <= 5; i++) {
        gateway.publish("news", "" + i);
      }
      client.text("{\"type\":\"subscribe\",\"channel\":\"news\",\"rewind\":2}");
      assertThat(client.next()).endsWith(",\"offset\":5}");
      assertThat(client.next()).contains("\"data\":4");
      assertThat(client.next()).contains("\"data\":5");
    }
  }

  @Test
  void manyResumesSentAtOnceAreAllAnswered() {
    try (SocketClient keeper = gateway.connect();
        SocketClient client = gateway.connect()) {
      for (int i = 0; i < 100; i++) {
        keeper.subscribe("c" + i);
        gateway.publish("c" + i, "\"" + "x".repeat(5_000) + "\"");
      }
      for (int i = 0; i < 100; i++) {
        client.text("{\"type\":\"subscribe\",\"channel\":\"c" + i + "\",\"rewind\":1}");
      }
      client.text("{\"type\":\"ping\"}");
      for (int i = 0; i < 100; i++) {
        client.nextWith("\"data\":\"xxx");
      }
      gateway.publish("c7", "1");
      client.nextWith("\"channel\":\"c7\"");
    }
  }

  @Test
  void aTokenWithTheGrantPublishesAndIsAnswered() {
    try (SocketClient subscriber = gateway.connect();
        SocketClient client = gateway.connect(gateway.token("chat-*", Permission.PUBLISH))) {
      subscriber.subscribe("chat-1");
      client.text(
          "{\"type\":\"publish\",\"channel\":\"chat-1\",\"eventType\":\"said\","
              + "\"data\":{\"a\":[1, 2]},\"ref\":\"p1\"}");
      assertThat(client.next())
          .startsWith("{\"type\":\"published\",\"channel\":\"chat-1\",\"messageId\":\"")
          .endsWith(",\"offset\":1,\"ref\":\"p1\"}");
      assertThat(subscriber.next())
          .contains("\"eventType\":\"said\",\"clientId\":\"me\",\"data\":{\"a\":[1, 2]},");
      client.text("{\"type\":\"publish\",\"channel\":\"other\",\"data\":1,\"ref\":\"p2\"}");
      assertThat(client.next())
          .contains("\"code\":\"FORBIDDEN\"")
          .endsWith(",\"channel\":\"other\",\"ref\":\"p2\"}");
      client.text("{\"type\":\"subscribe\",\"channel\":\"chat-1\"}");
      assertThat(client.next()).contains("\"code\":\"FORBIDDEN\"");
    }
  }

  @Test
  void aRepeatedPublishIdGivesTheSameAnswerAndOneMessage() {
    try (SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      client.subscribe("c");
      String publish = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":%d,\"id\":\"once\"}";
      client.text(publish.formatted(1));
      String first = client.nextWith("published");
      client.text(publish.formatted(1));
      assertThat(client.nextWith("published")).isEqualTo(first);
      client.text(publish.formatted(2));
      assertThat(client.nextWith("error")).contains("\"code\":\"CONFLICT\"");
    }
  }

  @Test
  void aPublishKeyMayNotPublish() {
    try (SocketClient client = gateway.connect()) {
      client.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"ref\":\"x\"}");
      assertThat(client.next())
          .contains("\"code\":\"FORBIDDEN\"")
          .endsWith(",\"channel\":\"c\",\"ref\":\"x\"}");
    }
  }

  @Test
  void manyPublishesSentAtOnceAreAllAnswered() {
    try (SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      for (int i = 0; i < 200; i++) {
        client.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1}");
      }
      for (int i = 1; i <= 200; i++) {
        assertThat(client.next()).contains("\"published\"").endsWith(",\"offset\":" + i + "}");
      }
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

  private static String epochIn(String frame) {
    int from = frame.indexOf("\"epoch\":\"") + 9;
    return frame.substring(from, frame.indexOf('"', from));
  }
}
