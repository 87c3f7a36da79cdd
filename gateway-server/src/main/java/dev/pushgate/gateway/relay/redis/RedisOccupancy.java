package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.ChannelCounts;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import java.util.SortedMap;
import java.util.TreeMap;

/// What this node counts, and the sum of what the others last told. Thread-safe.
final class RedisOccupancy implements Occupancy {
  private final LocalOccupancy local;
  private final ChannelCounts others = new ChannelCounts();

  RedisOccupancy(LocalOccupancy local) {
    this.local = local;
  }

  /// The sums, for those who read what the others tell.
  ChannelCounts others() {
    return others;
  }

  @Override
  public int onNode(ChannelKey key) {
    return local.onNode(key);
  }

  @Override
  public int inCluster(ChannelKey key) {
    return local.onNode(key) + others.get(key);
  }

  @Override
  public SortedMap<String, Integer> occupied(AppId app, String prefix, int limit) {
    SortedMap<String, Integer> found = new TreeMap<>();
    // The first ones of either are enough: the first of both are among them.
    local.counts().collect(app, prefix, limit, this::inCluster, found);
    others.collect(app, prefix, limit, this::inCluster, found);
    while (found.size() > limit) {
      found.remove(found.lastKey());
    }
    return found;
  }
}
