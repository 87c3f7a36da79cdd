package dev.pushgate.gateway.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands still until it is set. Thread-safe.
public final class SettableClock extends Clock {
  private static final Instant BEGINNING = Instant.parse("2026-01-02T03:04:05.678Z");

  private volatile Instant now = BEGINNING;
  private volatile Duration jumped = Duration.ZERO;

  /// Time passes.
  public void advance(Duration time) {
    now = now.plus(time);
  }

  /// The clock is set, and no time passes.
  public void jump(Duration by) {
    jumped = jumped.plus(by);
    now = now.plus(by);
  }

  /// What [System#nanoTime] would be: how much time has passed.
  public long nanoTime() {
    return Duration.between(BEGINNING, now).minus(jumped).toNanos();
  }

  @Override
  public Instant instant() {
    return now;
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
