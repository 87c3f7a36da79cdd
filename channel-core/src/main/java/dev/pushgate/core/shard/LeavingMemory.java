package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// What presence cost that has ended, and what this node's rosters hold for the grace time all the
/// same. Whoever returns meanwhile counts twice: nobody gets room by leaving. Confined to its
/// shard.
final class LeavingMemory {
  /// By how much rosters may be late to let one go.
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final MemoryShare share;
  private final LongSupplier steadyMs;
  private final long keptMs;

  /// Each is kept equally long: so they end in the order in which they came.
  private final Deque<Leaving> leaving = new ArrayDeque<>();

  private record Leaving(long untilMs, MemoryHolder holder, long bytes) {}

  /// @param kept for how long rosters on this node hold one who left
  LeavingMemory(MemoryShare share, LongSupplier steadyMs, Duration kept) {
    this.share = share;
    this.steadyMs = steadyMs;
    this.keptMs = kept.isZero() ? 0 : kept.plus(MARGIN).toMillis();
  }

  /// Gives back what was taken of the share when the rosters hold it no longer.
  void giveBackLater(MemoryHolder holder, long bytes) {
    if (keptMs == 0) {
      share.giveBack(holder, bytes);
    } else {
      leaving.addLast(new Leaving(steadyMs.getAsLong() + keptMs, holder, bytes));
    }
  }

  /// Gives back what is due. Called once a second.
  void sweep() {
    long now = steadyMs.getAsLong();
    while (!leaving.isEmpty() && leaving.getFirst().untilMs <= now) {
      Leaving gone = leaving.removeFirst();
      share.giveBack(gone.holder, gone.bytes);
    }
  }
}
