package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.session.SocketClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of clients that say nothing, with the shortest times that can be set.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class SilenceIT {
  private NodeInProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node =
        NodeInProcess.start(
            Node.environment(
                "PUSHGATE_DATA_DIR", directory.toString(),
                "PUSHGATE_LIMITS_PING_INTERVAL", "1s",
                "PUSHGATE_LIMITS_IDLE_TIME", "2s"));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void aSilentClientIsPingedAndThenClosed() {
    try (SocketClient client = node.connect()) {
      assertThat(client.next()).isEqualTo("ping");
      assertThat(client.nextWith("close")).isEqualTo("close 4201 no pong in time");
    }
  }

  @Test
  void aClientThatAnswersPingsStaysForLongerThanTheIdleTime() {
    try (SocketClient client = node.connect()) {
      client.subscribe("c");
      for (int i = 0; i < 4; i++) {
        assertThat(client.next()).isEqualTo("ping");
        client.send(new ClientBytes().frame(0x8A, new byte[0]).bytes());
      }
      node.rest().publish("c", "1");
      assertThat(client.next()).contains("\"offset\":1");
    }
  }

  @Test
  void theBearerOfATokenIsToldBeforeItsEnd() {
    String answer =
        node.rest()
            .post("/api/v1/auth/token", "{\"clientId\":\"me\",\"ttlSeconds\":5}")
            .text("data", "token");
    try (SocketClient client = node.connect(answer)) {
      String frame = client.next();
      while (frame.equals("ping")) {
        client.send(new ClientBytes().frame(0x8A, new byte[0]).bytes());
        frame = client.next();
      }
      assertThat(frame).isEqualTo("{\"type\":\"token_expiring\"}");
    }
  }
}
