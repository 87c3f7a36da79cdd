package dev.pushgate.core.pace;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// Writes a line at most once a second, and says how many were left out: for what a client may be
/// able to provoke as often as it likes, and a bug that every request meets. Goes by a clock that
/// is never set back, or it might be silent for as long as that was. Thread-safe.
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

  /// For what went wrong on one connection.
  public void warn(String sentence, Throwable cause) {
    log(Level.WARN, sentence, cause);
  }

  /// For what went wrong here.
  public void error(String sentence, Throwable cause) {
    log(Level.ERROR, sentence, cause);
  }

  private void log(Level level, String sentence, Throwable cause) {
    long now = nanoTime.getAsLong();
    long next = nextAt.get();
    if (now - next < 0 || !nextAt.compareAndSet(next, now + INTERVAL_NANOS)) {
      leftOut.incrementAndGet();
      return;
    }
    long count = leftOut.getAndSet(0);
    String whole = count == 0 ? sentence : sentence + " (and " + count + " like it before)";
    log.atLevel(level).setCause(cause).log(whole);
  }
}
