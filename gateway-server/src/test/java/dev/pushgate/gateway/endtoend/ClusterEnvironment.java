package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.testing.TestDatabase;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the nodes of one cluster have alike. Immutable.
///
/// @param database of all nodes
/// @param more settings of all nodes, one behind the other: names and values
record ClusterEnvironment(TestDatabase database, String... more) {

  /// The environment of a node.
  ///
  /// @param relayUrl how this node reaches the cluster's Redis
  Map<String, String> of(String relayUrl) {
    Map<String, String> environment = new LinkedHashMap<>(Node.environmentOn(database));
    environment.put("PUSHGATE_STORE_POOL_SIZE", "4");
    environment.put("PUSHGATE_RELAY_URLS", relayUrl);
    environment.put("PUSHGATE_CLUSTER_SECRET", "a secret of all nodes");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }
}
