package dev.pushgate.gateway.app;

import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
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
import java.util.concurrent.TimeUnit;

/// The third stage: the event loops run, and each has its shard of the engine. Immutable.
record EngineStage(GatewayLoops loops, Engine engine) {
  /// How long loops have to end when all sockets on them are closed.
  private static final Duration LOOPS_END = Duration.ofSeconds(2);

  /// How many joins, or publishes, wait at one channel for the store.
  private static final int WAITING = 10_000;

  /// How many publishes of one channel may be on their way into the store.
  private static final int UNCOMMITTED = 1_024;

  private static final int TURN_MESSAGES = 1_024;

  /// What a turn takes at most, but for its last message; and no more than a quarter of the
  /// outbound limit. No message has more than half of that limit (`CrossChecks` sees to it), and
  /// its frame little more: so one turn's writes alone never make anyone slow.
  private static final int TURN_BYTES = 256 << 10;

  /// How long a channel without members is followed: long enough that a page that is loaded again
  /// finds it, short enough that nobody is sent what nobody wants.
  private static final Duration FOLLOWED = Duration.ofSeconds(10);

  /// @param cluster what the node shares with others, or has alone
  static EngineStage start(
      Settings settings,
      SqlStore store,
      ClusterStage cluster,
      MemoryBudget memory,
      ShardObserver observer,
      Clock clock,
      LifeCycle life) {
    int shards =
        settings.shards() > 0 ? settings.shards() : Runtime.getRuntime().availableProcessors();
    GatewayLoops loops = new GatewayLoops(Transport.best(), shards);
    life.started("the event loops", () -> loops.close(LOOPS_END));
    Engine engine =
        new Engine(
            loops.all().stream().<ShardLoop>map(GatewayLoop::shardLoop).toList(),
            limits(settings, memory, shards),
            new Engine.Stores(store.streams(), store.catalog()),
            cluster.own().directory(),
            cluster.forEngine(),
            cluster.rosters(),
            new Engine.Sources(
                clock,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                new SecureRandom(),
                observer,
                ByteBufAllocator.DEFAULT,
                cluster.own().occupancy(),
                memory));
    engine.start();
    return new EngineStage(loops, engine);
  }

  static HomeLimits limits(Settings settings, MemoryBudget memory, int shards) {
    Settings.RecentLog log = settings.recentLog();
    WaitingMemory waiting = WaitingMemory.of(memory);
    long turnBytes = Math.min(TURN_BYTES, settings.limits().outbound().bytes() / 4);
    return new HomeLimits(
        new HomeLimits.Log(
            log.messages(),
            log.bytes().bytes(),
            log.age(),
            settings.relay().urls().isPresent() ? FOLLOWED : log.age(),
            memory.share(MemoryKind.RECENT_LOGS).limitBytes() / shards,
            Math.max(1, log.idleChannels() / shards)),
        new HomeLimits.Idempotency(settings.idempotency().ttl()),
        new HomeLimits.Waiting(
            WAITING,
            waiting.atHomes(shards),
            UNCOMMITTED,
            waiting.inMailbox(shards),
            settings.store().timeout()),
        new HomeLimits.Turn(TURN_MESSAGES, (int) turnBytes));
  }

  List<Shard> shards() {
    List<Shard> shards = new ArrayList<>();
    engine.shards().forEach(shards::add);
    return shards;
  }
}
