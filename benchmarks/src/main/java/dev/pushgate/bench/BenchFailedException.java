package dev.pushgate.bench;

/// The benchmark could not be run. The message is one line for people.
final class BenchFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchFailedException(String message) {
    super(message, null, false, false);
  }
}
