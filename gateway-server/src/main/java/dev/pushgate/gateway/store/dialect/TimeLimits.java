package dev.pushgate.gateway.store.dialect;

import java.time.Duration;

/// How the store's time limit is spent: each wait ends before the wait around it does, so that what
/// failed is named by whoever knows most. Immutable.
///
/// @param timeout within what time every stage completes
public record TimeLimits(Duration timeout) {
  private static final int HIKARI_LEAST_MS = 250;

  /// After what age a stage is given up, so that it is complete within the limit: 95 of 100.
  public long stageNanos() {
    return timeout.toNanos() / 100 * 95;
  }

  /// How often to look for stages of that age: the other 5 of 100, at most 100 ms.
  public long watchNanos() {
    return Math.min(timeout.toNanos() / 25, 100_000_000);
  }

  /// How long one statement may wait for a lock: 40 of 100. So there is time to try the rest of a
  /// group without those whose locks are not to be had.
  public int lockMs() {
    return (int) (timeout.toMillis() * 40 / 100);
  }

  /// How long a part of a group may wait for a lock that the whole has waited for in vain: 1 of
  /// 100.
  public int retryLockMs() {
    return (int) Math.max(1, timeout.toMillis() / 100);
  }

  /// How long to wait for a lock that was not to be had a moment ago and is asked for again and
  /// again, while others wait behind it: 2 of 1,000.
  public int lookLockMs() {
    return (int) Math.max(1, timeout.toMillis() * 2 / 1_000);
  }

  /// How long to wait for a lock only to see whether it is to be had: 10 of 100.
  public int probeLockMs() {
    return (int) (timeout.toMillis() * 10 / 100);
  }

  /// How long one statement may take: 80 of 100.
  public int statementMs() {
    return (int) (timeout.toMillis() * 80 / 100);
  }

  /// After what silence in a transaction the database ends it. Less than a statement's limit: so a
  /// statement that waits for the locks of a client that is gone outlives them.
  public int silentTransactionMs() {
    return (int) (timeout.toMillis() * 50 / 100);
  }

  /// How long to wait for a connection of the pool.
  public int connectionMs() {
    return Math.max(HIKARI_LEAST_MS, statementMs());
  }

  /// After what silence on a socket the peer counts as gone. (Drivers count in whole seconds.)
  public int socketSeconds() {
    return (int) Math.max(1, (timeout.toMillis() + 999) / 1000);
  }
}
