package dev.pushgate.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/// What one loop of the load generator has received. Written by that loop; the counter is read by
/// any thread, the histogram only when the loop has come to rest.
final class Tally {
  private static final long LONGEST_MICROS = 600_000_000L;

  private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
  private final AtomicLong deliveries = new AtomicLong();
  private volatile long measureFromNanos = Long.MAX_VALUE;
  private volatile long measureToNanos = Long.MAX_VALUE;

  /// Only messages that were published in this time count towards the latency.
  void measure(long fromNanos, long toNanos) {
    measureToNanos = toNanos;
    measureFromNanos = fromNanos;
  }

  /// @param sentNanos when it was published
  /// @param nowNanos when it came
  void delivered(long sentNanos, long nowNanos) {
    deliveries.setOpaque(deliveries.getPlain() + 1);
    if (sentNanos >= measureFromNanos && sentNanos < measureToNanos) {
      micros.recordValue(Math.clamp((nowNanos - sentNanos) / 1_000, 0, LONGEST_MICROS));
    }
  }

  long deliveries() {
    return deliveries.getOpaque();
  }

  Histogram micros() {
    return micros;
  }
}
