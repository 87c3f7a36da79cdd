package dev.pushgate.gateway.store;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A wall clock for what removes things: when the wall clock jumps ahead of the time that has
/// passed, it goes on by the latter until the jump has lasted for an hour. A clock that is set back
/// is believed at once, for then less is removed. What the clock says when the process starts
/// cannot be judged. Thread-safe.
final class SteadyClock {
  private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);
  static final Duration BELIEVED_AFTER = Duration.ofHours(1);

  /// What clocks are set ahead by in passing.
  private static final long STEP_MS = 60_000;

  private static final long NANOS_PER_MS = 1_000_000;

  private final Clock wall;
  private final LongSupplier nanoTime;
  private long knownMs;
  private long knownNanos;

  /// How far the wall clock is ahead of what is believed; 0 when it is believed.
  private long doubtMs;

  private long doubtSinceNanos;

  /// @param nanoTime as [System#nanoTime]
  SteadyClock(Clock wall, LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.knownMs = wall.millis();
    this.knownNanos = nanoTime.getAsLong();
  }

  /// Milliseconds since 1970.
  synchronized long millis() {
    long said = wall.millis();
    long nanos = nanoTime.getAsLong();
    long expected = knownMs + (nanos - knownNanos) / NANOS_PER_MS;
    long aheadMs = said - expected;
    if (aheadMs <= STEP_MS) {
      if (doubtMs > 0) {
        log.info("The clock is where it was expected again");
      }
      return believe(said, nanos);
    }
    if (Math.abs(aheadMs - doubtMs) > STEP_MS) {
      doubt(aheadMs, nanos);
    } else if (nanos - doubtSinceNanos >= BELIEVED_AFTER.toNanos()) {
      log.info(
          "The clock has been ahead for {} min now and is believed", BELIEVED_AFTER.toMinutes());
      return believe(said, nanos);
    }
    return expected;
  }

  private long believe(long ms, long nanos) {
    knownMs = ms;
    knownNanos = nanos;
    doubtMs = 0;
    return ms;
  }

  private void doubt(long aheadMs, long nanos) {
    if (doubtMs == 0) {
      log.warn(
          "The clock has jumped {} s ahead of the time that has passed: messages are kept by the"
              + " latter until this has lasted for {} min",
          aheadMs / 1_000,
          BELIEVED_AFTER.toMinutes());
    }
    doubtMs = aheadMs;
    doubtSinceNanos = nanos;
  }
}
