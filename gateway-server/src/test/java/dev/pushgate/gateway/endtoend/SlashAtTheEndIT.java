package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.session.SocketClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A slash too many at the end of a path changes nothing, on both listeners and whatever answers.
class SlashAtTheEndIT {
  @Test
  void whatIsThereIsThereWithASlashAtItsEnd(@TempDir Path directory) throws Exception {
    try (NodeInProcess node =
        NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()))) {
      node.rest().post("/api/v1/channels", "{\"name\":\"A\",\"slug\":\"a\"}");
      for (String path :
          List.of(
              "/pushgate.js",
              "/api/v1/channels",
              "/api/v1/channels/a",
              "/api/v1/channels/a/messages",
              "/api/v1/nothing")) {
        assertThat(node.rest().get(path + "/").body())
            .as(path)
            .isEqualTo(node.rest().get(path).body());
        assertThat(node.rest().get(path + "/?page=1").status())
            .as(path)
            .isEqualTo(node.rest().get(path).status());
      }
      assertThat(node.rest().get("/health/").status()).isEqualTo(200);
      assertThat(node.rest().get("/health//").status()).isEqualTo(404);
      assertThat(node.management().get("/health/ready/").status()).isEqualTo(200);
      assertThat(node.management().get("/metrics/").status()).isEqualTo(200);
      try (SocketClient client = new SocketClient(node.port())) {
        client.handshake("/ws/?token=" + Node.PUBLISH_KEY);
        client.subscribe("a");
      }
    }
  }
}
