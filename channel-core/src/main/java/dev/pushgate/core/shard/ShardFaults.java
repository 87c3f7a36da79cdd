package dev.pushgate.core.shard;

import dev.pushgate.core.pace.RateLimitedLog;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/// Takes note of what was thrown on a shard though nobody expected it: a bug, or memory that could
/// not be had. What fails once may fail at every message: so not each of them is logged. Confined
/// to its shard.
final class ShardFaults {
  private final int shard;
  private final ShardObserver observer;
  private final RateLimitedLog log;

  /// @param nanoTime as [System#nanoTime]
  ShardFaults(int shard, ShardObserver observer, LongSupplier nanoTime) {
    this.shard = shard;
    this.observer = observer;
    this.log = new RateLimitedLog(LoggerFactory.getLogger(Shard.class), nanoTime);
  }

  /// Never throws: it is called where others have yet to get theirs.
  ///
  /// @param where what the shard was about, for people
  void note(String where, Throwable thrown) {
    try {
      observer.fault(thrown);
      log.error("Shard " + shard + " failed at " + where, thrown);
    } catch (Throwable _) {
      // Memory, most likely: what cannot be told now is told when it happens again.
    }
  }
}
