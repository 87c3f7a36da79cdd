package dev.pushgate.core.pace;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// Writes a line at most once in an interval, and says how many were left out: for what a client
/// may be able to provoke as often as it likes, and a bug that every request meets. Goes by a clock
/// that is never set back, or it might be silent for as long as that was. Thread-safe.
public final class RateLimitedLog {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Logger log;
  private final LongSupplier nanoTime;
  private final long intervalNanos;
  private final AtomicLong nextAt;
  private final AtomicLong leftOut = new AtomicLong();

  /// With a line a second.
  ///
  /// @param nanoTime as [System#nanoTime]
  public RateLimitedLog(Logger log, LongSupplier nanoTime) {
    this(log, SECOND, nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  public RateLimitedLog(Logger log, Duration interval, LongSupplier nanoTime) {
    this.log = log;
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
    this.nextAt = new AtomicLong(nanoTime.getAsLong());
  }

  /// For what went wrong on one connection.
  public void warn(String sentence, Throwable cause) {
    log(Level.WARN, sentence, cause);
  }

  /// For what nothing was thrown at.
  public void warn(String sentence) {
    log(Level.WARN, sentence, null);
  }

  /// For what is no fault, but worth knowing.
  public void info(String sentence) {
    log(Level.INFO, sentence, null);
  }

  /// For what went wrong here.
  public void error(String sentence, Throwable cause) {
    log(Level.ERROR, sentence, cause);
  }

  private void log(Level level, String sentence, @Nullable Throwable cause) {
    long now = nanoTime.getAsLong();
    long next = nextAt.get();
    if (now - next < 0 || !nextAt.compareAndSet(next, now + intervalNanos)) {
      leftOut.incrementAndGet();
      return;
    }
    long count = leftOut.getAndSet(0);
    String whole = count == 0 ? sentence : sentence + " (and " + count + " like it before)";
    log.atLevel(level).setCause(cause).log(whole);
  }
}
