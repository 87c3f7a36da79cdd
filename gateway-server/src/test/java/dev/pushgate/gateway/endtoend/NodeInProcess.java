package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.app.StartFailedException;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.SettingsReader;
import java.util.Map;

/// A whole node in the test's own process. Thread-safe.
public final class NodeInProcess implements Node, AutoCloseable {
  private final Settings settings;
  private final Running running;

  private NodeInProcess(Settings settings, Running running) {
    this.settings = settings;
    this.running = running;
  }

  /// @param environment what the operator has set
  public static NodeInProcess start(Map<String, String> environment) {
    return start(environment, new Gateway());
  }

  /// @param environment what the operator has set
  /// @param gateway what is started with it
  public static NodeInProcess start(Map<String, String> environment, Gateway gateway) {
    try {
      Settings settings = new SettingsReader(environment, Map.of()).read(null, Map.of()).settings();
      return new NodeInProcess(settings, gateway.start(settings));
    } catch (InvalidSettingsException | StartFailedException e) {
      throw new IllegalStateException(e);
    }
  }

  Settings settings() {
    return settings;
  }

  @Override
  public int port() {
    return running.address().getPort();
  }

  @Override
  public int managementPort() {
    return running.managementAddress().getPort();
  }

  @Override
  public void close() {
    running.stop();
  }
}
