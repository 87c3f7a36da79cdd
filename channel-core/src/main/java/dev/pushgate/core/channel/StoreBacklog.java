package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import org.jspecify.annotations.Nullable;

/// How many bytes of publications a shard's homes hold because of the store or the relay: publishes
/// that wait for it, those that are on their way into it, and what arrived while a home reads.
/// Confined to its shard.
public final class StoreBacklog {
  private static final Outcome.Refused<?> BEHIND =
      new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE, "Too many publishes wait for the store");

  private final WaitingLimit limit;
  private long publishes;
  private long arrivals;

  /// @param share what all publishes that wait have taken of
  /// @param maxBytes how much may be held here
  public StoreBacklog(MemoryShare share, long maxBytes) {
    this.limit = new WaitingLimit(share, maxBytes);
  }

  public long bytes() {
    return publishes + arrivals;
  }

  /// What of it has no account in the share, for nobody here published it.
  public long arrivedBytes() {
    return arrivals;
  }

  /// Takes room for a publish.
  ///
  /// @return why there is none, and nothing is taken; null when there was
  Outcome.@Nullable Refused<?> take(MemoryHolder holder, int weight) {
    Outcome.Refused<?> refusal = limit.refusal(holder, publishes, weight);
    if (refusal == null) {
      publishes += weight;
    }
    return WaitingLimit.FULL.equals(refusal) ? BEHIND : refusal;
  }

  /// Gives back what [#take] took.
  void release(int weight) {
    publishes -= weight;
  }

  /// Takes room for what arrived. False, and nothing is taken, when there is none; for one alone
  /// there always is.
  boolean takeArrival(int weight) {
    boolean hasRoom = arrivals == 0 || arrivals + weight <= limit.bytes();
    arrivals += hasRoom ? weight : 0;
    return hasRoom;
  }

  /// Gives back what [#takeArrival] took.
  void releaseArrival(int weight) {
    arrivals -= weight;
  }
}
