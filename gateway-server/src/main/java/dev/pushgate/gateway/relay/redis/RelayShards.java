package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All Redis of the relay, and which channel is on which. Thread-safe.
public final class RelayShards implements AutoCloseable {
  private final RelayConfig config;
  private final RelayClient client;
  private final List<RelayShard> shards;
  private final Rendezvous rendezvous;
  private final Drops drops;

  /// Opens nothing yet: see [#start].
  public RelayShards(RelayConfig config, RelayObserver observer) {
    this.config = config;
    this.drops = new Drops(observer);
    this.client = new RelayClient(config.timeout());
    this.shards =
        config.urls().stream().map(url -> new RelayShard(url, config, client, observer)).toList();
    this.rendezvous = new Rendezvous(config.urls().stream().map(RelayUrl::identity).toList());
  }

  /// Dials all of them, and waits for none. To be called once.
  public void start() {
    shards.forEach(RelayShard::start);
  }

  /// The one that has everything about a channel; every node finds the same.
  public RelayShard of(ChannelKey key) {
    return shards.get(rendezvous.indexOf(key));
  }

  /// In the order of the settings.
  public List<RelayShard> all() {
    return shards;
  }

  /// What is wrong with the one of this name; null when all is well.
  public @Nullable Trouble trouble(String name) {
    return shards.stream()
        .filter(shard -> shard.name().equals(name))
        .findFirst()
        .map(RelayShard::trouble)
        .orElse(null);
  }

  public RelayConfig config() {
    return config;
  }

  /// The threads and the clock that everything of the relay shares.
  public RelayClient client() {
    return client;
  }

  /// Where everything of the relay counts what it drops.
  Drops drops() {
    return drops;
  }

  @Override
  public void close() {
    shards.forEach(RelayShard::close);
    client.close();
  }
}
