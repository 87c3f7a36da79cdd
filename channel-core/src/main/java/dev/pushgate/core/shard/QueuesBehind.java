package dev.pushgate.core.shard;

import dev.pushgate.core.memory.ObjectCosts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The clients with something waiting: how they get on, and in how many writes of shared buffers it
/// waits, as of when they were last seen. So what is counted is never less than what waits, and
/// more by what they have taken since. Confined to its shard's loop.
final class QueuesBehind {
  /// For how many seconds somebody has to take nothing to be stuck.
  private static final int STUCK_SECONDS = 3;

  /// How one of them gets on.
  private static final class Watch {
    long drained;
    int stuckSeconds;
    int sharedWrites;

    /// Whether its end was decided already: it comes soon.
    boolean isClosed;

    Watch(long drained) {
      this.drained = drained;
    }
  }

  private final OutboundTally writes;
  private final Map<OutboundQueue, Watch> watches = new LinkedHashMap<>();

  /// @param writes where the writes of shared buffers are counted
  QueuesBehind(OutboundTally writes) {
    this.writes = writes;
  }

  int size() {
    return watches.size();
  }

  /// What a client has not taken of what it was offered is counted, and it is watched until nothing
  /// waits.
  void count(OutboundQueue queue) {
    count(queue, watches.computeIfAbsent(queue, late -> new Watch(late.drainedBytes())));
  }

  private void count(OutboundQueue queue, Watch watch) {
    int now = queue.sharedWrites();
    writes.add((long) (now - watch.sharedWrites) * ObjectCosts.SHARED_WRITE);
    watch.sharedWrites = now;
  }

  /// Nothing of a client waits any more. False when nothing did.
  boolean remove(OutboundQueue queue) {
    Watch watch = watches.remove(queue);
    if (watch == null) {
      return false;
    }
    giveBack(watch);
    return true;
  }

  private void giveBack(Watch watch) {
    writes.add(-(long) watch.sharedWrites * ObjectCosts.SHARED_WRITE);
  }

  /// What all writes of one take on the heap, in bytes.
  static long onHeap(OutboundQueue queue) {
    return (long) queue.sharedWrites() * ObjectCosts.SHARED_WRITE
        + (long) queue.ownWrites() * ObjectCosts.OWN_WRITE;
  }

  /// Looks at all of them again. With a watch its writes go, whatever the client says of them.
  void recount() {
    watches
        .entrySet()
        .removeIf(
            one -> {
              if (one.getKey().pendingBytes() == 0) {
                giveBack(one.getValue());
                return true;
              }
              count(one.getKey(), one.getValue());
              return false;
            });
  }

  /// Looks who has taken something. Called once a second.
  void tick() {
    watches.forEach(
        (queue, watch) -> {
          long drained = queue.drainedBytes();
          watch.stuckSeconds = drained > watch.drained ? 0 : watch.stuckSeconds + 1;
          watch.drained = drained;
        });
    recount();
  }

  /// Whether somebody has taken nothing for some seconds.
  boolean isStuck(OutboundQueue queue) {
    Watch watch = watches.get(queue);
    return watch != null && watch.stuckSeconds >= STUCK_SECONDS;
  }

  /// Notes that the end of one was decided. False when it was before: who says goodbye may take a
  /// while for it.
  boolean closes(OutboundQueue queue) {
    Watch watch = watches.get(queue);
    if (watch == null || watch.isClosed) {
      return false;
    }
    watch.isClosed = true;
    return true;
  }

  /// Those with something of this waiting.
  List<OutboundQueue> greediestFirst(ToLongFunction<OutboundQueue> pending) {
    return GreediestQueues.first(watches.keySet(), this::isStuck, pending);
  }
}
