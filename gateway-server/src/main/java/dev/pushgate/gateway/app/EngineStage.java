package dev.pushgate.gateway.app;

import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.shard.ShardLoop;
import dev.pushgate.core.shard.ShardObserver;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.store.SqlStore;
import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The third stage: the event loops run, and each has its shard of the engine. Immutable.
record EngineStage(GatewayLoops loops, Engine engine) {
  /// How long loops have to end when all sockets on them are closed.
  private static final Duration LOOPS_END = Duration.ofSeconds(2);

  /// How many joins, or publishes, wait at one channel for the store.
  private static final int WAITING = 10_000;

  /// How many publishes of one channel may be on their way into the store.
  private static final int UNCOMMITTED = 1_024;

  /// What may wait at a shard; beyond it, its homes are told to hold back. Some hundred of the
  /// largest messages there are by default, so that a burst passes.
  private static final long MAILBOX_BYTES = 32L << 20;

  /// A turn's writes stay below the smallest outbound limit, so that they alone never make anyone
  /// slow.
  private static final int TURN_FRAMES = 1_024;

  private static final int TURN_BYTES = 256 << 10;

  static EngineStage start(
      Settings settings, SqlStore store, ShardObserver observer, Clock clock, LifeCycle life) {
    int shards =
        settings.shards() > 0 ? settings.shards() : Runtime.getRuntime().availableProcessors();
    GatewayLoops loops = new GatewayLoops(Transport.best(), shards);
    life.started("the event loops", () -> loops.close(LOOPS_END));
    Engine engine =
        new Engine(
            loops.all().stream().<ShardLoop>map(GatewayLoop::shardLoop).toList(),
            limits(settings, shards),
            new Engine.Stores(store.streams(), store.catalog()),
            StoreStage.await(store.catalog().all()),
            new Engine.Sources(clock, new SecureRandom(), observer, ByteBufAllocator.DEFAULT));
    engine.start();
    return new EngineStage(loops, engine);
  }

  private static HomeLimits limits(Settings settings, int shards) {
    Settings.RecentLog log = settings.recentLog();
    return new HomeLimits(
        log.messages(),
        log.bytes().bytes(),
        log.age(),
        Math.max(log.bytes().bytes(), log.nodeBytes().bytes() / shards),
        Math.max(1, log.idleChannels() / shards),
        settings.idempotency().ttl(),
        settings.idempotency().bytes().bytes() / shards,
        WAITING,
        UNCOMMITTED,
        MAILBOX_BYTES,
        TURN_FRAMES,
        TURN_BYTES);
  }

  List<Shard> shards() {
    List<Shard> shards = new ArrayList<>();
    engine.shards().forEach(shards::add);
    return shards;
  }
}
