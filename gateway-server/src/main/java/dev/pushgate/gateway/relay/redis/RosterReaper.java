package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.List;

/// Has every Redis of the relay end what is over in its rosters, again and again: grace times, and
/// the presence of those whose node is dead. Every node does so; Redis sees to it that each is
/// ended once. Thread-safe.
final class RosterReaper {
  private static final Duration EVERY = Duration.ofMillis(500);

  /// How many entries one script ends: they take Redis a few milliseconds.
  private static final int AT_ONCE = 500;

  /// Members are to be gone when the lease is over: the reaper comes only now and then, and what it
  /// does has to arrive. A node that lives renews its lease long before.
  private static final Duration EARLY = Duration.ofSeconds(1);

  private final RelayShards shards;
  private final RosterKeys keys;
  private final Duration lease;

  RosterReaper(RelayShards shards, RosterKeys keys, Duration lease) {
    this.shards = shards;
    this.keys = keys;
    this.lease = lease;
  }

  /// How long before the end of its lease a node's members are ended.
  static Duration early(Duration lease) {
    Duration quarter = lease.dividedBy(4);
    return quarter.compareTo(EARLY) < 0 ? quarter : EARLY;
  }

  void start() {
    shards.all().forEach(this::reapLater);
  }

  private void reapLater(RelayShard shard) {
    shards.client().after(EVERY, () -> reap(shard));
  }

  private void reap(RelayShard shard) {
    List<String> names =
        List.of(keys.grace(), keys.present(), keys.nodes(), keys.noReap(), keys.heartbeat());
    ScriptArgs args =
        new ScriptArgs()
            .add(keys.present(""))
            .add(keys.rosterBegin())
            .add(keys.rosterEnd())
            .add(keys.channelBegin())
            .add(lease.toMillis())
            .add(AT_ONCE)
            .add(early(lease).toMillis());
    var unused =
        shard
            .eval(Script.ROSTER_REAP, names, args)
            .whenComplete(
                (reply, _) -> {
                  if (reply != null && reply.number(0) >= AT_ONCE) {
                    reap(shard);
                  } else {
                    reapLater(shard);
                  }
                });
  }
}
