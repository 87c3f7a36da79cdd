package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.NoLeaks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Coming back to where one was, and looking back.
@ExtendWith(NoLeaks.class)
class SessionResumeTest {
  private final TestGateway gateway = new TestGateway();

  @AfterEach
  void stop() {
    gateway.close();
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

  private static String epochIn(String frame) {
    int from = frame.indexOf("\"epoch\":\"") + 9;
    return frame.substring(from, frame.indexOf('"', from));
  }
}
