package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether a node's messages to itself come back through one Redis, and how far behind they are.
/// Each is numbered. Confined to the control thread, but for [#hasCome] and [#ageMs].
final class Canary {
  private static final long AWAY_NANOS = Duration.ofSeconds(3).toNanos();

  /// Of so many the time of sending is known: what comes later than that says nothing.
  private static final int KNOWN = 64;

  private final LongSupplier nanoTime;
  private final long[] sentAtNanos = new long[KNOWN];
  private long sent;
  private long newest;

  /// Whether one was sent that is waited for, and since when.
  private boolean awaits;

  private long awaitsSinceNanos;
  private volatile long newestSentAtNanos;
  private volatile boolean hasCome;

  /// @param nanoTime as [System#nanoTime]
  Canary(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.newestSentAtNanos = nanoTime.getAsLong();
  }

  /// The number of the next one.
  long next() {
    sent++;
    long now = nanoTime.getAsLong();
    sentAtNanos[(int) (sent % KNOWN)] = now;
    if (!awaits) {
      awaits = true;
      awaitsSinceNanos = now;
    }
    return sent;
  }

  void came(String text) {
    if (text.length() <= 18 && text.chars().allMatch(Character::isDigit) && !text.isEmpty()) {
      long number = Long.parseLong(text);
      if (number > newest && number <= sent && number > sent - KNOWN) {
        newest = number;
        newestSentAtNanos = sentAtNanos[(int) (number % KNOWN)];
        hasCome = true;
        awaits = false; // it may be late, but something comes over this connection
      }
    }
  }

  /// True when one was sent three seconds ago and none has come since; then all begins anew, for
  /// another connection gets as long.
  boolean isAway() {
    if (!awaits || nanoTime.getAsLong() - awaitsSinceNanos < AWAY_NANOS) {
      return false;
    }
    awaits = false;
    return true;
  }

  /// What was sent until now is not waited for: it may have been sent before anybody listened.
  void beginAnew() {
    awaits = false;
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
