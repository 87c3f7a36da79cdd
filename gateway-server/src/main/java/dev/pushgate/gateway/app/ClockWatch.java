package dev.pushgate.gateway.app;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that somebody set the machine's clock, or that the machine slept: the time of day then
/// goes another way than the time that passes. Confined to one thread at a time.
final class ClockWatch implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);
  private static final long LOOK_EVERY_MS = 1_000;

  /// Less is how a clock is kept right, and harms nobody.
  private static final Duration STEP = Duration.ofSeconds(1);

  /// A reading that took longer says nothing: the thread was held up in the midst of it.
  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Runnable wasSet;
  private long aheadMs;

  /// @param clock the time of day
  /// @param nanoTime as [System#nanoTime]
  /// @param wasSet called after each step of a second or more
  ClockWatch(Clock clock, LongSupplier nanoTime, Runnable wasSet) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.wasSet = wasSet;
    this.aheadMs = clock.millis() - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }

  /// One that looks each second.
  static Chores.Periodic chore(Clock clock, Runnable wasSet) {
    return new Chores.Periodic(
        LOOK_EVERY_MS, "Watching the clock", new ClockWatch(clock, System::nanoTime, wasSet));
  }

  /// Looks once.
  @Override
  public void run() {
    long beforeNanos = nanoTime.getAsLong();
    long nowMs = clock.millis();
    if (nanoTime.getAsLong() - beforeNanos > QUICK_NANOS) {
      return;
    }
    long nowAheadMs = nowMs - TimeUnit.NANOSECONDS.toMillis(beforeNanos);
    long stepMs = nowAheadMs - aheadMs;
    aheadMs = nowAheadMs;
    if (Math.abs(stepMs) >= STEP.toMillis()) {
      log.warn(
          "The clock was set {} by {} s: tokens and keys are looked at again",
          stepMs > 0 ? "forward" : "back",
          Math.abs(stepMs) / 1_000);
      wasSet.run();
    }
  }
}
