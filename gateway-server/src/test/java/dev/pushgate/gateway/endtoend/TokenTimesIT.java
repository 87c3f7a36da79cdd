package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
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

  private static int statusOfTtl(NodeInProcess node, int seconds) {
    return node.rest().post("/api/v1/auth/token", "{\"ttlSeconds\":" + seconds + "}").status();
  }
}
