package dev.pushgate.gateway.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/// Writes a warning at most once a second, and says how many were left out. For what a client may
/// be able to provoke as often as it likes. Thread-safe.
public final class RateLimitedLog {
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Logger log;
  private final LongSupplier nanoTime;
  private final AtomicLong nextAt;
  private final AtomicLong leftOut = new AtomicLong();

  /// @param nanoTime as [System#nanoTime]
  public RateLimitedLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.nextAt = new AtomicLong(nanoTime.getAsLong());
  }

  public void warn(String sentence, Throwable cause) {
    long now = nanoTime.getAsLong();
    long next = nextAt.get();
    if (now - next < 0 || !nextAt.compareAndSet(next, now + INTERVAL_NANOS)) {
      leftOut.incrementAndGet();
      return;
    }
    long count = leftOut.getAndSet(0);
    log.warn(count == 0 ? sentence : sentence + " (and " + count + " like it before)", cause);
  }
}
