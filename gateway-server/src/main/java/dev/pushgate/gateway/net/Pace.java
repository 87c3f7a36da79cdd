package dev.pushgate.gateway.net;

import dev.pushgate.gateway.net.HttpLimits.LeastRate;
import java.time.Duration;

/// Whether a client that sends or takes something keeps up the least rate, and is done in time.
/// Confined to the connection's event loop.
final class Pace {
  private final LeastRate least;
  private final Duration limit;
  private final long begunNanos = System.nanoTime();
  private long seenBytes;

  /// @param limit how long it may take in all
  Pace(LeastRate least, Duration limit) {
    this.least = least;
    this.limit = limit;
  }

  /// How long until it is to be looked at again.
  Duration untilNextLook() {
    Duration left = left();
    boolean isEndNext = least.bytesPerSecond() == 0 || left.compareTo(least.window()) < 0;
    return isEndNext ? left : least.window();
  }

  /// What is left of the time.
  Duration left() {
    Duration left = limit.minusNanos(System.nanoTime() - begunNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// Whether the client is to be given up.
  ///
  /// @param doneBytes what it has sent or taken since it began
  boolean isTooSlow(long doneBytes) {
    long sinceLastLook = doneBytes - seenBytes;
    seenBytes = doneBytes;
    return left().isZero() || sinceLastLook < least.bytesPerWindow();
  }
}
