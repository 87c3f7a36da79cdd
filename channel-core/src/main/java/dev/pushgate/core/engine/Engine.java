package dev.pushgate.core.engine;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.core.relay.Relay;
import dev.pushgate.core.relay.SharedRelay;
import dev.pushgate.core.shard.Arrivals;
import dev.pushgate.core.shard.RosterNews;
import dev.pushgate.core.shard.ShardLoop;
import dev.pushgate.core.shard.ShardObserver;
import dev.pushgate.core.shard.ShardSetup;
import dev.pushgate.core.shard.Shards;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.StreamStore;
import io.netty.buffer.ByteBufAllocator;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The core of a node, for transports and the REST API. Thread-safe.
public final class Engine {
  private final LocalOccupancy occupancy;
  private final Shards shards;
  private final Relay relay;
  private final Channels channels;
  private final Positions positions;

  /// The stores that an engine stands on.
  public record Stores(StreamStore streams, ChannelCatalog catalog) {}

  /// What an engine draws on beside them.
  ///
  /// @param clock says what time it is; may be set
  /// @param steadyMs milliseconds of a clock that is never set: how long something lasts
  /// @param random for epochs and message ids; thread-safe, and not to be guessed
  /// @param occupancy where homes write how many subscribers they have
  /// @param memory what the node may hold
  public record Sources(
      Clock clock,
      LongSupplier steadyMs,
      RandomGenerator random,
      ShardObserver observer,
      ByteBufAllocator allocator,
      LocalOccupancy occupancy,
      MemoryBudget memory) {
    /// With a clock that nobody sets, and memory enough.
    public Sources(
        Clock clock, RandomGenerator random, ShardObserver observer, ByteBufAllocator allocator) {
      this(
          clock,
          clock::millis,
          random,
          observer,
          allocator,
          new LocalOccupancy(),
          MemoryBudget.unlimited());
    }
  }

  /// What makes a node one of a cluster.
  public record Cluster(SharedRelay relay, ClusterChannels.Ports channels) {}

  /// @param loops one for each shard
  /// @param limits of each shard
  /// @param directory has all declared channels, as the catalog has them; the engine keeps it so
  /// @param cluster null on a node that stands alone
  /// @param rosters who is present in the channels; not started yet
  public Engine(
      List<ShardLoop> loops,
      HomeLimits limits,
      Stores stores,
      ChannelDirectory directory,
      @Nullable Cluster cluster,
      Rosters rosters,
      Sources sources) {
    this.occupancy = sources.occupancy();
    this.shards =
        new Shards(
            loops,
            new ShardSetup(
                limits,
                sources.clock(),
                sources.steadyMs(),
                sources.random(),
                stores.streams(),
                cluster == null ? null : cluster.relay().streams(),
                rosters,
                directory,
                occupancy,
                sources.observer(),
                sources.allocator(),
                sources.memory()));
    rosters.start(new RosterNews(shards));
    MemoryShare waiting = sources.memory().share(MemoryKind.WAITING);
    if (cluster == null) {
      this.relay = new CountedRelay(new LocalRelay(shards), waiting, 1);
      this.channels = new LiveChannels(directory, stores.catalog(), shards);
      this.positions = new LocalPositions(shards);
    } else {
      cluster.relay().start(new Arrivals(shards));
      // The envelope on its way to the relay lies beside the request.
      this.relay = new CountedRelay(cluster.relay(), waiting, 2);
      this.channels =
          new ClusterChannels(directory, stores, shards, cluster.channels(), sources.random());
      this.positions = cluster.relay().streams()::head;
    }
  }

  /// Begins to drop what grows old. Called once.
  public void start() {
    shards.start();
  }

  public Shards shards() {
    return shards;
  }

  public Relay relay() {
    return relay;
  }

  public Channels channels() {
    return channels;
  }

  /// The same where they are those of a cluster, which tells of their changes.
  public Optional<ClusterChannels> clusterChannels() {
    return channels instanceof ClusterChannels shared ? Optional.of(shared) : Optional.empty();
  }

  /// Where channels' streams stand.
  public Positions positions() {
    return positions;
  }

  /// How many subscribers channels have on this node.
  public LocalOccupancy occupancy() {
    return occupancy;
  }
}
