package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long connection tokens last is the operator's choice.
class TokenTimesIT {
  @Test
  void tokensLastAsLongAsTheSettingsSay(@TempDir Path directory) {
    Map<String, String> environment =
        Node.environment(
            "PUSHGATE_DATA_DIR", directory.toString(),
            "PUSHGATE_TOKENS_DEFAULT_TTL", "2m",
            "PUSHGATE_TOKENS_MAX_TTL", "10m");
    try (NodeInProcess node = NodeInProcess.start(environment)) {
      Instant before = Instant.now();
      Reply minted = node.rest().post("/api/v1/auth/token", "{\"clientId\":\"me\"}");

      assertThat(Instant.parse(minted.text("data", "expiresAt")))
          .isBetween(before.plus(Duration.ofSeconds(119)), Instant.now().plusSeconds(120));
      assertThat(statusOfTtl(node, 600)).isEqualTo(200);
      assertThat(statusOfTtl(node, 601)).isEqualTo(422);
    }
  }

  @Test
  void aConnectionThatRenewsItsTokenOutlivesOneThatDoesNot(@TempDir Path directory) {
    Map<String, String> environment = Node.environment("PUSHGATE_DATA_DIR", directory.toString());
    try (NodeInProcess node = NodeInProcess.start(environment);
        SocketClient client = TokenClient.connect(node, "ann", 10);
        SocketClient careless = TokenClient.connect(node, "ann", 11)) {
      assertThat(client.nextButPings()).isEqualTo("{\"type\":\"token_expiring\"}");
      client.subscribe("room");
      client.text(
          "{\"type\":\"auth\",\"token\":\"pub_%s\",\"ref\":\"again\"}"
              .formatted(TokenClient.token(node, "ann", 60)));
      assertThat(client.nextButPings())
          .startsWith("{\"type\":\"authenticated\",\"expiresAt\":")
          .endsWith(",\"ref\":\"again\"}");

      assertThat(careless.nextWith("close")).startsWith("close 4010 ");
      assertThat(node.rest().publish("room", "1").status()).isEqualTo(201);
      assertThat(client.nextButPings()).contains("\"type\":\"message\"", "\"data\":1");
    }
  }

  private static int statusOfTtl(NodeInProcess node, int seconds) {
    return node.rest().post("/api/v1/auth/token", "{\"ttlSeconds\":" + seconds + "}").status();
  }
}
