package dev.pushgate.core.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/// A clock that goes when the simulation says so.
final class SimulatedClock extends Clock {
  private static final long START_MS = 1_700_000_000_000L;

  private long passedMs;
  private long nowMs = START_MS;

  void advance(long ms) {
    passedMs += ms;
    nowMs += ms;
  }

  /// Somebody sets the clock; no time passes.
  void set(long aheadMs) {
    nowMs += aheadMs;
  }

  /// Milliseconds that have passed, however the clock was set.
  long steadyMs() {
    return passedMs;
  }

  /// What a store goes by that does not believe a clock which was set ahead.
  long believedMs() {
    return Math.min(nowMs, START_MS + passedMs);
  }

  /// As [System#nanoTime].
  long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(passedMs);
  }

  @Override
  public long millis() {
    return nowMs;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
