package dev.pushgate.gateway.browser;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeProcess;
import dev.pushgate.gateway.endtoend.Rest;
import dev.pushgate.gateway.testing.FreePort;
import java.nio.file.Path;
import java.util.Map;

/// A gateway that is ended in every way and started again: on the same port, with the same data.
/// Confined to the thread of the tests.
final class StandingNode implements AutoCloseable {
  private final Map<String, String> environment;
  private final int port = FreePort.any();
  private NodeProcess process;

  /// @param directory where its data lie
  /// @param settings names and values of its environment, one behind the other
  StandingNode(Path directory, String... settings) {
    this.environment = Node.environment(settings);
    environment.put("PUSHGATE_DATA_DIR", directory.toString());
    environment.put("PUSHGATE_HTTP_PORT", Integer.toString(port));
    this.process = NodeProcess.start(environment);
  }

  int port() {
    return port;
  }

  /// Where its clients reach it.
  String origin() {
    return "http://127.0.0.1:" + port;
  }

  Rest rest() {
    return process.rest();
  }

  Rest rest(String credential) {
    return process.rest(credential);
  }

  /// As a power cut ends it.
  void kill() {
    process.kill();
  }

  /// As an operator ends it.
  void terminate() {
    process.terminate();
    process.exitCode();
  }

  void freeze() {
    process.freeze();
  }

  void thaw() {
    process.thaw();
  }

  void startAgain() {
    process = NodeProcess.start(environment);
  }

  @Override
  public void close() {
    process.close();
  }
}
