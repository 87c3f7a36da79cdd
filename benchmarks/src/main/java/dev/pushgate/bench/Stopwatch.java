package dev.pushgate.bench;

/// The load generator's clock: never goes back, never negative. Thread-safe.
final class Stopwatch {
  private static final long START = System.nanoTime();

  private Stopwatch() {}

  /// Nanoseconds since the load generator started.
  static long nanos() {
    return System.nanoTime() - START;
  }
}
