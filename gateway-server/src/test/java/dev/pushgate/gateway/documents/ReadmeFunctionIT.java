package dev.pushgate.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.browser.Programs;
import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import dev.pushgate.gateway.session.SocketClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The functions that the README shows, run as they stand there.
@Timeout(60)
class ReadmeFunctionIT {
  private static final String CALLS =
      """

      const ann = { id: 'ann' }
      const code = ({ code, message }) => code ?? message
      console.log((await pushToken(ann)).token)
      await new Promise((resolve) => process.stdin.once('data', resolve))
      const { offset: paid } = await orderPaid(ann, { id: '7', total: 49.9 })
      const { offset: again } = await orderPaid(ann, { id: '7', total: 49.9 })
      const refused = await orderPaid(ann, { id: '7', total: 50 }).catch(code)
      console.log(paid, again, refused)

      await pushgate('POST', 'channels', { name: 'Of before', slug: 'orders-bob', isPrivate: true })
      await pushgate('POST', 'channels', { name: 'For all', slug: 'orders-dave' })
      const { offset: declaredBefore } = await orderPaid({ id: 'bob' }, { id: '8' })
      const { offset: wasPublic } = await orderPaid({ id: 'dave' }, { id: '8' })
      const { offset: neverDeclared } = await orderPaid({ id: 'cleo' }, { id: '9' })
      const noName = await orderPaid({ id: 'Ann_M' }, { id: '10' }).catch(code)
      console.log(declaredBefore, wasPublic, neverDeclared, noName)

      const { offset: byNumber } = await orderPaid({ id: 7 }, { id: 11 })
      const { token: ofNumber } = await pushToken({ id: 7 })
      const noId = [await orderPaid(ann, { total: 1 }).catch(code), await pushToken({}).catch(code)]
      console.log(byNumber, typeof ofNumber, ...noId)

      process.env.PUSHGATE_URL = `data:text/html,<h1>a page</h1>#`
      console.log(await pushgate('POST', 'publish', {}).catch(({ name, message }) => `${name}: ${message}`))
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

        assertThat(functions.inputReader().readLine()).isEqualTo("1 1 1 VALIDATION_ERROR");
        for (String declared : List.of("orders-bob", "orders-dave", "orders-cleo")) {
          stranger.text("{\"type\":\"subscribe\",\"channel\":\"" + declared + "\"}");
          assertThat(stranger.nextWith(declared)).contains("FORBIDDEN");
        }
        stranger.text("{\"type\":\"subscribe\",\"channel\":\"orders-Ann_M\",\"rewind\":1}");
        assertThat(stranger.nextWith("orders-Ann_M")).contains("\"offset\":0");
        assertThat(functions.inputReader().readLine())
            .isEqualTo("1 string There is no id There is no id");
        assertThat(functions.inputReader().readLine()).isEqualTo("Error: Pushgate: 200 no JSON");
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
