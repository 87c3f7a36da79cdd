package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A private channel that is deleted is not public therefore.
@ExtendWith(NoLeaks.class)
class DeletedPrivateChannelIT {
  private static final String CHANNELS = "/api/v1/channels";
  private static final String SUBSCRIBE =
      "{\"type\":\"subscribe\",\"channel\":\"payroll\",\"rewind\":10}";

  @Test
  void itsNameStaysPrivateAcrossARestartAndServersGoOnPublishing(@TempDir Path directory) {
    Map<String, String> environment = Node.environment("PUSHGATE_DATA_DIR", directory.toString());
    try (NodeInProcess node = NodeInProcess.start(environment);
        SocketClient stranger = node.connect()) {
      node.rest().post(CHANNELS, "{\"name\":\"P\",\"slug\":\"payroll\",\"isPrivate\":true}");
      assertThat(node.rest().delete(CHANNELS + "/payroll").status()).isEqualTo(204);
      hearsNothing(node, stranger);
    }
    try (NodeInProcess node = NodeInProcess.start(environment);
        SocketClient stranger = node.connect()) {
      hearsNothing(node, stranger);
      node.rest().post(CHANNELS, "{\"name\":\"P\",\"slug\":\"payroll\"}");
      stranger.subscribe("payroll");
    }
    try (NodeInProcess node = NodeInProcess.start(environment);
        SocketClient stranger = node.connect()) {
      assertThat(node.rest().delete(CHANNELS + "/payroll").status()).isEqualTo(204);
      stranger.subscribe("payroll");
    }
  }

  private static void hearsNothing(NodeInProcess node, SocketClient stranger) {
    stranger.text(SUBSCRIBE);
    assertThat(stranger.nextButPings()).contains("\"code\":\"FORBIDDEN\"");
    assertThat(node.rest().publish("payroll", "\"salary\"").status()).isEqualTo(201);
    stranger.text("{\"type\":\"ping\"}");
    assertThat(stranger.nextButPings()).isEqualTo("{\"type\":\"pong\"}");
  }
}
