package dev.pushgate.core.cluster;

import java.util.List;
import java.util.function.IntSupplier;

/// A node that stands alone. Thread-safe, if `connections` is.
public final class AloneNodes implements Nodes {
  private final String id;
  private final String version;
  private final long startedAtMs;
  private final IntSupplier connections;

  /// @param id 1 to 64 of `a–z 0–9`, another at each start
  /// @param startedAtMs in milliseconds since 1970
  /// @param connections how many WebSocket sessions there are at the moment
  public AloneNodes(String id, String version, long startedAtMs, IntSupplier connections) {
    this.id = id;
    this.version = version;
    this.startedAtMs = startedAtMs;
    this.connections = connections;
  }

  @Override
  public String self() {
    return id;
  }

  @Override
  public List<NodeInfo> all() {
    return List.of(new NodeInfo(id, version, startedAtMs, connections.getAsInt(), 0));
  }
}
