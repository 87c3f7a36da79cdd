package dev.pushgate.gateway.app;

import dev.pushgate.gateway.config.Settings;

/// Starts a gateway. Thread-safe.
@FunctionalInterface
public interface Server {
  /// Starts everything in order; returns when clients are served.
  ///
  /// @throws StartFailedException when it cannot be started; what had been started is stopped again
  Running start(Settings settings) throws StartFailedException;
}
