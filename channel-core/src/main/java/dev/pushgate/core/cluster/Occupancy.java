package dev.pushgate.core.cluster;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import java.util.SortedMap;

/// How many subscribers channels have, from memory. Thread-safe.
public interface Occupancy {
  /// On this node, as its home counts them.
  int onNode(ChannelKey key);

  /// On all nodes: this one's count, and what the others last told.
  int inCluster(ChannelKey key);

  /// The names of an app's channels that have subscribers anywhere and begin with `prefix`, in
  /// order, with their counts in the cluster.
  ///
  /// @param limit how many at the most
  SortedMap<String, Integer> occupied(AppId app, String prefix, int limit);
}
