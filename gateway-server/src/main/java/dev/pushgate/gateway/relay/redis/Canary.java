package dev.pushgate.gateway.relay.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether a node's messages to itself come back through one Redis, and how far behind they are.
/// Each is numbered, so that nothing else is taken for one. Confined to the control thread, but for
/// [#ageMs].
final class Canary {
  private static final long AWAY_NANOS = Duration.ofSeconds(3).toNanos();

  /// Of so many the time of sending is known: what comes later than that says nothing.
  private static final int KNOWN = 64;

  private final LongSupplier nanoTime;
  private final long[] sentAtNanos = new long[KNOWN];
  private long sent;
  private long newest;
  private long triedAtNanos;
  private volatile long newestSentAtNanos;
  private volatile boolean hasCome;

  /// @param nanoTime as [System#nanoTime]
  Canary(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.triedAtNanos = nanoTime.getAsLong();
    this.newestSentAtNanos = triedAtNanos;
  }

  /// The number of the next one.
  long next() {
    sent++;
    sentAtNanos[(int) (sent % KNOWN)] = nanoTime.getAsLong();
    return sent;
  }

  void came(byte[] message) {
    String text = new String(message, StandardCharsets.US_ASCII);
    if (text.length() <= 18 && text.chars().allMatch(Character::isDigit) && !text.isEmpty()) {
      long number = Long.parseLong(text);
      if (number > newest && number <= sent && number > sent - KNOWN) {
        newest = number;
        newestSentAtNanos = sentAtNanos[(int) (number % KNOWN)];
        hasCome = true;
        triedAtNanos = nanoTime.getAsLong(); // late, but something comes over this connection
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

  /// How long ago the newest one that came was sent, or since the start. Thread-safe.
  long ageMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - newestSentAtNanos);
  }
}
