package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.presence.RosterLimits;
import java.time.Duration;
import java.util.SplittableRandom;

/// One node's rosters in Redis, with nothing around them. Its lease is kept by [Leases].
final class PresentNode implements AutoCloseable {
  /// Long enough that a busy machine does not keep heartbeats back for a third of it.
  static final Duration LEASE = Duration.ofSeconds(4);
  static final Duration GRACE = Duration.ofMillis(300);

  final TestNode node;
  final RosterLog log = new RosterLog();
  final RedisRosters rosters;

  PresentNode(RelayConfig config, String id, RosterLimits limits, Duration grace) {
    this.node = TestNode.connected(config);
    this.rosters =
        new RedisRosters(
            node.shards,
            node.relay,
            limits,
            new RedisRosters.Times(LEASE, grace),
            id,
            new SplittableRandom(id.hashCode()));
    rosters.start(log);
    node.follow(RostersContract.ROOM);
  }

  @Override
  public void close() {
    node.close();
  }
}
