package dev.pushgate.core.shard;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes note of what was thrown on a shard though nobody expected it: a bug, or memory that could
/// not be had. What fails once may fail at every message: so it is logged at most once a second,
/// with the number of those left out. Confined to its shard.
final class ShardFaults {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final int shard;
  private final ShardObserver observer;
  private final LongSupplier nanoTime;
  private long nextLineNanos;
  private long leftOut;

  /// @param nanoTime as [System#nanoTime]
  ShardFaults(int shard, ShardObserver observer, LongSupplier nanoTime) {
    this.shard = shard;
    this.observer = observer;
    this.nanoTime = nanoTime;
    this.nextLineNanos = nanoTime.getAsLong();
  }

  /// Never throws: it is called where others have yet to get theirs.
  ///
  /// @param where what the shard was about, for people
  void note(String where, Throwable thrown) {
    try {
      observer.fault(thrown);
      long now = nanoTime.getAsLong();
      if (now - nextLineNanos < 0) {
        leftOut++;
        return;
      }
      nextLineNanos = now + INTERVAL_NANOS;
      log.error("Shard {} failed at {} ({} left out before)", shard, where, leftOut, thrown);
      leftOut = 0;
    } catch (Throwable telling) {
      leftOut++; // whatever cannot be told now is counted with the next
    }
  }
}
