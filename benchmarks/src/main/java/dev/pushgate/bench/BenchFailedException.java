package dev.pushgate.bench;

import dev.pushgate.gateway.cli.CommandFailedException;

/// The benchmark could not be run. The message is one line for people.
final class BenchFailedException extends CommandFailedException {
  private static final long serialVersionUID = 1L;

  BenchFailedException(String message) {
    super(message);
  }
}
