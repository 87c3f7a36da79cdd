package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.shard.OutboundQueue;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/// One session in the [ReplayBudget] of its loop, with the rate that its connection has by itself.
/// Confined to its session.
final class ReplayPlace {
  private final OutboundQueue queue;
  private final ReplayBudget budget;
  private final ReplayRate rate;
  private final LongSupplier nanoTime;
  private final BiConsumer<Runnable, Duration> later;
  private final Runnable goOn;

  /// Whether a replay that waits for the connection's rate will be looked at again.
  private boolean willGoOn;

  /// What of it stands in the [ReplayBudget], which alone touches these.
  boolean isWaiting;

  boolean isNext;
  long unreadBytes;
  long drainedBytes;
  long drainedNanos;

  /// @param rate of the connection
  /// @param later runs something on the session's loop
  /// @param goOn has what waits looked at soon
  ReplayPlace(
      OutboundQueue queue,
      ReplayBudget budget,
      ReplayRate rate,
      LongSupplier nanoTime,
      BiConsumer<Runnable, Duration> later,
      Runnable goOn) {
    this.queue = queue;
    this.budget = budget;
    this.rate = rate;
    this.nanoTime = nanoTime;
    this.later = later;
    this.goOn = goOn;
  }

  MemoryHolder holder() {
    return queue.holder();
  }

  OutboundQueue queue() {
    return queue;
  }

  void goOn() {
    goOn.run();
  }

  /// Whether there is time and memory for a replay now.
  boolean mayBegin() {
    return rate.waitNanos(nanoTime.getAsLong()) == 0 && budget.mayBegin(this);
  }

  void begins() {
    budget.begins(this);
  }

  /// A replay could begin but for its rate, or its turn: both say when they come.
  void await() {
    long nanos = rate.waitNanos(nanoTime.getAsLong());
    if (nanos == 0) {
      budget.await(this);
    } else if (!willGoOn) {
      willGoOn = true;
      later.accept(this::goOnAgain, Duration.ofNanos(nanos));
    }
  }

  private void goOnAgain() {
    willGoOn = false;
    goOn.run();
  }

  /// So much was sent again.
  void gave(long bytes) {
    rate.gave(bytes, nanoTime.getAsLong());
    budget.gave(this, bytes);
  }

  /// So much of it was taken, or went with the connection.
  void taken(long bytes) {
    budget.taken(this, bytes);
  }

  void close() {
    budget.left(this);
  }
}
