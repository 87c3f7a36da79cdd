package dev.pushgate.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.browser.Programs;
import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import dev.pushgate.gateway.session.SocketClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The functions that the README shows, run as they stand there.
@Timeout(60)
class ReadmeFunctionIT {
  private static final String CALLS =
      """

      const ann = { id: 'ann' }
      await signedUp(ann)
      console.log((await pushToken(ann)).token)
      await new Promise((resolve) => process.stdin.once('data', resolve))
      const { offset: paid } = await orderPaid(ann, { id: '7', total: 49.9 })
      const { offset: again } = await orderPaid(ann, { id: '7', total: 49.9 })
      const refused = await orderPaid(ann, { id: '7', total: 50 }).catch(({ code }) => code)
      console.log(paid, again, refused)
      process.exit()
      """;

  @Test
  void whatIsForOneUserIsSeenByThatUserAloneAndOnce(@TempDir Path directory) throws Exception {
    Programs.need("node");
    Path script = directory.resolve("functions.mjs");
    Files.writeString(script, Documents.sample("README.md", "## Who may see what", "js") + CALLS);
    try (NodeInProcess node =
        NodeInProcess.start(
            Node.environment("PUSHGATE_DATA_DIR", directory.resolve("data").toString()))) {
      Process functions = start(script, node);
      try (SocketClient ann = new SocketClient(node.port());
          SocketClient stranger = node.connect(Node.PUBLISH_KEY)) {
        String token = functions.inputReader().readLine();
        ann.handshake("/ws?token=" + token);
        ann.subscribe("orders-ann");
        stranger.text("{\"type\":\"subscribe\",\"channel\":\"orders-ann\"}");
        assertThat(stranger.nextWith("orders-ann")).contains("FORBIDDEN");
        functions.getOutputStream().write('\n');
        functions.getOutputStream().flush();
        assertThat(functions.inputReader().readLine()).isEqualTo("1 1 CONFLICT");
        assertThat(ann.nextWith("\"message\"")).contains("\"eventType\":\"paid\"", "49.9");
      } finally {
        functions.destroyForcibly().waitFor();
      }
      assertThat(node.rest().history("orders-ann")).hasSize(1);
    }
  }

  private static Process start(Path script, NodeInProcess node) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("node", script.toString());
    builder.environment().put("PUSHGATE_URL", "http://127.0.0.1:" + node.port());
    builder.environment().put("SECRET_KEY", Node.SECRET_KEY);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
