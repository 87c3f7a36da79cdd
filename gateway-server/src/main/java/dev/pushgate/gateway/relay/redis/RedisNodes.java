package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.core.cluster.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The nodes that have a lease in any Redis of the relay, as the last heartbeats told. A Redis that
/// has told nothing for as long as a lease is asked no more. Thread-safe.
final class RedisNodes implements Nodes {
  private static final int FIELDS = 4;

  private record Seen(List<NodeInfo> nodes, long atNanos) {}

  private final Supplier<NodeInfo> self;
  private final long leaseNanos;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> byShard = new ConcurrentHashMap<>();

  /// @param self this node as it is at the moment
  /// @param nanoTime as [System#nanoTime]
  RedisNodes(Supplier<NodeInfo> self, Duration lease, LongSupplier nanoTime) {
    this.self = self;
    this.leaseNanos = lease.toNanos();
    this.nanoTime = nanoTime;
  }

  void seen(String shard, List<Beat.Node> nodes) {
    List<NodeInfo> known = nodes.stream().map(RedisNodes::read).flatMap(Optional::stream).toList();
    byShard.put(shard, new Seen(known, nanoTime.getAsLong()));
  }

  @Override
  public String self() {
    return self.get().id();
  }

  @Override
  public List<NodeInfo> all() {
    long now = nanoTime.getAsLong();
    Map<String, NodeInfo> others = new TreeMap<>();
    for (Seen seen : byShard.values()) {
      if (now - seen.atNanos < leaseNanos) {
        seen.nodes.forEach(node -> others.put(node.id(), node));
      }
    }
    NodeInfo me = self.get();
    others.remove(me.id());
    List<NodeInfo> all = new ArrayList<>();
    all.add(me);
    all.addAll(others.values());
    return all;
  }

  /// What a node says of itself, for the others to read.
  static String says(NodeInfo node) {
    return String.join(
        "\n",
        node.version(),
        Long.toString(node.startedAtMs()),
        Integer.toString(node.connections()),
        Long.toString(node.canaryAgeMs()));
  }

  private static Optional<NodeInfo> read(Beat.Node node) {
    String[] fields = node.says().split("\n", -1);
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new NodeInfo(
              node.id(),
              fields[0],
              Long.parseLong(fields[1]),
              Integer.parseInt(fields[2]),
              Long.parseLong(fields[3])));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
