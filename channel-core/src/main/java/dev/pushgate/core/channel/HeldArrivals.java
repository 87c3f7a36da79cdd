package dev.pushgate.core.channel;

import dev.pushgate.core.relay.Arrival;
import java.util.ArrayDeque;
import java.util.Deque;

/// What arrived at a home while it read its stream, oldest first; it has its share of what the
/// shard's homes may hold. Confined to its home.
final class HeldArrivals {
  private final StoreBacklog backlog;
  private final Deque<Arrival> arrivals = new ArrayDeque<>(0);

  HeldArrivals(StoreBacklog backlog) {
    this.backlog = backlog;
  }

  boolean isEmpty() {
    return arrivals.isEmpty();
  }

  /// False, and it is lost here, when there is no room.
  boolean add(Arrival arrival) {
    boolean hasRoom = backlog.takeArrival(arrival.publication().weight());
    if (hasRoom) {
      arrivals.addLast(arrival);
    }
    return hasRoom;
  }

  Arrival takeOldest() {
    Arrival arrival = arrivals.removeFirst();
    backlog.releaseArrival(arrival.publication().weight());
    return arrival;
  }

  void clear() {
    while (!arrivals.isEmpty()) {
      takeOldest();
    }
  }
}
