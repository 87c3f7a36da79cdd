package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Publishing from a socket.
@ExtendWith(NoLeaks.class)
class SessionPublishTest {
  private final TestGateway gateway = new TestGateway();

  @AfterEach
  void stop() {
    gateway.close();
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

  /// With a key each connection has a client id of its own.
  @Test
  void aPublishThatIsSentAgainOnAnotherConnectionIsStillTheSame() {
    String publish = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"id\":\"once\"}";
    try (SocketClient subscriber = gateway.connect();
        SocketClient one = gateway.connect(gateway.secretKey.reveal());
        SocketClient other = gateway.connect(gateway.secretKey.reveal())) {
      subscriber.subscribe("c");
      one.text(publish);
      String first = one.nextWith("published");
      other.text(publish);
      assertThat(other.nextWith("published")).isEqualTo(first);
      other.text(publish.replace("once", "again"));
      assertThat(subscriber.next()).endsWith(",\"offset\":1}");
      assertThat(subscriber.next()).endsWith(",\"offset\":2}");
    }
  }

  @Test
  void somebodyElsesIdIsNothingToAPublisher() {
    String publish = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":%d,\"id\":\"once\"}";
    try (SocketClient ann = gateway.connect(gateway.tokenOf("ann"));
        SocketClient bob = gateway.connect(gateway.tokenOf("bob"));
        SocketClient nobody = gateway.connect(gateway.token("c", Permission.PUBLISH));
        SocketClient server = gateway.connect(gateway.secretKey.reveal())) {
      int offset = 0;
      for (SocketClient client : List.of(ann, bob, nobody, server)) {
        client.text(publish.formatted(++offset));
        assertThat(client.nextWith("published")).endsWith(",\"offset\":" + offset + "}");
      }
      bob.text(publish.formatted(5));
      assertThat(bob.nextWith("error")).contains("\"code\":\"CONFLICT\"");
    }
  }

  @Test
  void aUsersPublishIsTheSameOnAnotherConnectionAndWithAnotherToken() {
    String publish = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"id\":\"once\"}";
    try (SocketClient phone = gateway.connect(gateway.tokenOf("ann"));
        SocketClient again = gateway.connect(gateway.tokenOf("ann"))) {
      phone.text(publish);
      String first = phone.nextWith("published");
      again.text(publish);
      assertThat(again.nextWith("published")).isEqualTo(first);
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

  /// No relay should; but if one does, the client must not wait for ever, nor for its next ones.
  @Test
  void aPublishThatFailsIsAnsweredAndCountsNoLongerAsOneInFlight() {
    try (SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      gateway.otherRelay =
          request -> CompletableFuture.failedStage(new IllegalStateException("on purpose"));
      for (int i = 0; i < 20; i++) {
        client.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"ref\":\"" + i + "\"}");
        assertThat(client.next())
            .contains("\"code\":\"SERVER_ERROR\"")
            .endsWith(",\"channel\":\"c\",\"ref\":\"" + i + "\"}");
      }
      gateway.otherRelay = null;
      client.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1}");
      assertThat(client.next()).contains("\"published\"");
    }
  }
}
