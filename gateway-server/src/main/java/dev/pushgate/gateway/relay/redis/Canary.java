package dev.pushgate.gateway.relay.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether a node's messages to itself come back through one Redis. Each is numbered, so that
/// nothing else is taken for one. Confined to the control thread, but for [#ageMs].
final class Canary {
  private static final long AWAY_NANOS = Duration.ofSeconds(3).toNanos();

  private final LongSupplier nanoTime;
  private long sent;
  private long triedAtNanos;
  private volatile long cameAtNanos;
  private volatile boolean hasCome;

  /// @param nanoTime as [System#nanoTime]
  Canary(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.triedAtNanos = nanoTime.getAsLong();
    this.cameAtNanos = triedAtNanos;
  }

  /// The number of the next one.
  long next() {
    return ++sent;
  }

  void came(byte[] message) {
    String text = new String(message, StandardCharsets.US_ASCII);
    if (text.length() <= 18 && text.chars().allMatch(Character::isDigit) && !text.isEmpty()) {
      long number = Long.parseLong(text);
      if (number > 0 && number <= sent) {
        cameAtNanos = nanoTime.getAsLong();
        hasCome = true;
        triedAtNanos = cameAtNanos;
      }
    }
  }

  /// True when none came for three seconds, and then not again before three more have passed: so
  /// long another connection gets.
  boolean isAway() {
    long now = nanoTime.getAsLong();
    if (now - triedAtNanos < AWAY_NANOS) {
      return false;
    }
    triedAtNanos = now;
    return true;
  }

  /// None can be sent at the moment: the three seconds begin when one can be.
  void waits() {
    triedAtNanos = nanoTime.getAsLong();
  }

  /// Whether one ever came. Thread-safe.
  boolean hasCome() {
    return hasCome;
  }

  /// How long ago the last one came, or since the start. Thread-safe.
  long ageMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - cameAtNanos);
  }
}
