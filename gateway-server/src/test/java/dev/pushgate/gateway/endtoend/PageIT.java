package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The files for browsers, in front of the REST API of a whole gateway.
@ExtendWith(NoLeaks.class)
class PageIT {
  @TempDir private Path directory;

  private NodeInProcess start(String... more) {
    var environment = Node.environment(more);
    environment.put("PUSHGATE_DATA_DIR", directory.toString());
    return NodeInProcess.start(environment);
  }

  @Test
  void filesRestAndWebSocketsAreAtOneAddress() {
    try (NodeInProcess node = start()) {
      Rest stranger = node.rest("");

      assertThat(stranger.get("/").header("content-type")).startsWith("text/html");
      assertThat(stranger.get("/pushgate.js").header("content-type")).startsWith("text/javascript");
      assertThat(stranger.get("/health").status()).isEqualTo(200);
      assertThat(stranger.get("/ws").status()).isEqualTo(426);
      try (SocketClient client = node.connect()) {
        client.subscribe("demo");
        assertThat(node.rest().publish("demo", "1").status()).isEqualTo(201);
        assertThat(client.next()).contains("\"message\"");
      }
    }
  }

  @Test
  void aVersionThatIsNotThisOneIsNotFound() {
    try (NodeInProcess node = start()) {
      Reply reply = node.rest("").get("/pushgate-0.0.1.js");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.at("success")).isEqualTo(false);
      assertThat(reply.text("code")).isEqualTo("NOT_FOUND");
    }
  }

  @Test
  void thePageCanBeTurnedOff() {
    try (NodeInProcess node = start("PUSHGATE_PAGE_ENABLED", "false")) {
      for (String path : new String[] {"/", "/page.css", "/page.js", "/favicon.svg"}) {
        Reply reply = node.rest("").get(path);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text("code")).isEqualTo("NOT_FOUND");
      }
      assertThat(node.rest("").get("/pushgate.js").status()).isEqualTo(200);
    }
  }
}
