package dev.pushgate.gateway.app;

import dev.pushgate.gateway.config.Settings;

/// The gateway's wiring.
public final class Gateway implements Server {
  @Override
  public Running start(Settings settings) throws StartFailedException {
    throw new StartFailedException("this build has no server wired in");
  }
}
