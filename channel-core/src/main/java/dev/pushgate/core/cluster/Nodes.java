package dev.pushgate.core.cluster;

import java.util.List;

/// The nodes that are alive, from memory: some seconds old at the most. Thread-safe.
public interface Nodes {
  /// This node's id: 1 to 64 of `a–z 0–9`.
  String self();

  /// All of them, this one first.
  List<NodeInfo> all();
}
