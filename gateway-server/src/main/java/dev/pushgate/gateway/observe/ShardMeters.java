package dev.pushgate.gateway.observe;

import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.shard.ShardLoad;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// Shows what the shards hold. Thread-safe.
public final class ShardMeters {
  private ShardMeters() {}

  /// Adds the meters of these shards.
  public static void bind(List<Shard> shards, Metrics metrics) {
    metrics.gauge(
        "pushgate.subscriptions",
        "Channels that sessions are members of",
        sum(shards, ShardLoad::subscriptions));
    metrics.gauge(
        "pushgate.channels",
        "Channels held in memory at their homes",
        sum(shards, ShardLoad::homes));
    shards.forEach(
        shard ->
            metrics.gauge(
                "pushgate.shard.backlog",
                Tags.of("shard", Integer.toString(shard.index())),
                "Messages that wait for an event loop",
                shard::backlog));
  }

  private static LongSupplier sum(List<Shard> shards, ToLongFunction<ShardLoad> figure) {
    return () -> shards.stream().map(Shard::load).mapToLong(figure).sum();
  }
}
