package dev.pushgate.gateway.app;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.core.engine.ClusterChannels;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.gateway.config.RelayUrls;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.observe.Metrics;
import dev.pushgate.gateway.observe.RelayMeters;
import dev.pushgate.gateway.relay.redis.ControlPlane;
import dev.pushgate.gateway.relay.redis.RedisRelay;
import dev.pushgate.gateway.relay.redis.RedisRosters;
import dev.pushgate.gateway.relay.redis.RelayConfig;
import dev.pushgate.gateway.relay.redis.RelayShard;
import dev.pushgate.gateway.relay.redis.RelayShards;
import dev.pushgate.gateway.relay.redis.RelayUrl;
import dev.pushgate.gateway.store.CanaryBoard;
import dev.pushgate.gateway.store.SqlStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node of a cluster has instead of memory: the relay, and what nodes tell each other
/// through it. Made before the engine, begun when all that listens to it is there. Immutable.
record RelayStage(
    String nodeId,
    RelayShards shards,
    RedisRelay relay,
    RedisRosters rosters,
    ControlPlane plane,
    CanaryBoard board,
    Duration timeout) {
  private static final Logger log = LoggerFactory.getLogger(RelayStage.class);

  /// How many commands may be without an answer at one Redis, and how many bytes of them, if memory
  /// has room for so many: beyond what it can do within the time limit, waiting is in vain.
  private static final int COMMANDS = 32_768;

  private static final long COMMAND_BYTES = 64L << 20;

  /// How many streams are read at once from one Redis, so that answers do not fill the memory when
  /// all homes read after an outage.
  private static final int READS = 64;

  /// How many messages may be in one Redis that the store has not yet.
  private static final int UNARCHIVED = 10_000;

  /// How often each channel's stream is compared with what was heard of it: so late is a message
  /// found at the latest that pub/sub lost and none came after.
  private static final Duration HEAD_CHECK = Duration.ofSeconds(30);

  private static final Duration STRANGERS_PAUSE = Duration.ofMillis(250);
  private static final Duration CANARY_PAUSE = Duration.ofMillis(10);

  static RelayStage prepare(
      Settings settings,
      RelayUrls urls,
      ClusterStage.Own own,
      SqlStore store,
      MemoryBudget memory,
      Metrics metrics,
      Clock clock) {
    RandomGenerator random = new SecureRandom();
    RelayMeters meters = new RelayMeters(metrics);
    RelayShards shards = new RelayShards(config(settings, urls, memory), meters);
    ControlPlane plane =
        new ControlPlane(
            shards,
            new ControlPlane.Self(
                own.nodeId(),
                ClusterStage.version(),
                clock.millis(),
                own.connections(),
                settings.presence().lease(),
                settings.presence().grace()),
            own.occupancy(),
            new ControlPlane.Sources(random, System::nanoTime));
    meters.bind(
        shards.all().stream().map(RelayShard::name).toList(),
        shard -> plane.canaryAgesMs().getOrDefault(shard, 0L),
        shards::trouble);
    RedisRelay relay =
        new RedisRelay(
            shards,
            plane.occupancy(),
            own.directory()::isDeclared,
            store.relayedArchive(),
            random,
            clock,
            meters);
    plane.whenLost(relay::lost);
    RedisRosters rosters =
        new RedisRosters(
            shards,
            relay,
            PresenceStage.limits(settings),
            new RedisRosters.Times(settings.presence().lease(), settings.presence().grace()),
            own.nodeId(),
            random);
    return new RelayStage(
        own.nodeId(), shards, relay, rosters, plane, store.canaries(), settings.relay().timeout());
  }

  private static RelayConfig config(Settings settings, RelayUrls urls, MemoryBudget memory) {
    long bytes = WaitingMemory.of(memory).atRelay();
    Settings.RecentLog log = settings.recentLog();
    return new RelayConfig(
        urls.all().stream().map(Secret::reveal).map(RelayUrl::parse).toList(),
        settings.relay().prefix(),
        settings.relay().timeout(),
        HEAD_CHECK,
        settings.cluster().secret().orElse(null),
        new RelayConfig.Log(
            log.messages(), log.age(), log.bytes().bytes(), settings.idempotency().ttl()),
        new RelayConfig.Limits(COMMANDS, Math.min(COMMAND_BYTES, bytes), READS, UNARCHIVED));
  }

  Engine.Cluster forEngine() {
    return new Engine.Cluster(
        relay,
        new ClusterChannels.Ports(
            plane.notices(),
            key -> shards.of(key).isUp(),
            channel -> relay.declared(channel.key(), channel.id()),
            relay::end,
            relay::endLeft));
  }

  /// Dials, and waits for each Redis as long as one command may take. One that does not answer is
  /// dialled on.
  ///
  /// @throws StartFailedException when nodes with other URLs use one of them, or the others are all
  ///     elsewhere
  void begin(LifeCycle life) throws StartFailedException {
    if (shards.config().secret() == null) {
      log.warn(
          "pushgate.cluster.secret is not set: whoever may write to Redis may send messages to"
              + " every channel, and make up nodes and members");
    }
    life.started("the relay", shards::close);
    shards.start();
    life.started("what this node tells others", plane::close);
    Optional<String> misfit = plane.start(timeout).toCompletableFuture().join();
    if (misfit.isPresent()) {
      throw new StartFailedException(
          "Other nodes use the relay "
              + misfit.get()
              + " together with other servers: all nodes must name the same pushgate.relay.urls");
    }
    Optional<String> stranger = strangers().find();
    if (stranger.isPresent()) {
      throw new StartFailedException(
          "Other nodes of this database (one is "
              + stranger.get()
              + ") use another relay than this node's pushgate.relay.urls: all nodes must reach the"
              + " same servers, under the same pushgate.relay.prefix");
    }
    awaitCanaries();
    List<String> away =
        shards.all().stream().filter(shard -> !shard.isUp()).map(RelayShard::name).toList();
    if (!away.isEmpty()) {
      log.warn("The relay does not answer yet at {}: it is dialled on", String.join(", ", away));
    }
  }

  /// Until what this node sends itself comes back from each Redis that answers, or should have: it
  /// is not to begin as one that is cut off.
  private void awaitCanaries() {
    long begun = System.nanoTime();
    Set<String> up =
        shards.all().stream()
            .filter(RelayShard::isUp)
            .map(RelayShard::name)
            .collect(Collectors.toSet());
    while (plane.standings().stream().anyMatch(at -> up.contains(at.name()) && !at.hasCome())
        && System.nanoTime() - begun < timeout.toNanos()) {
      LockSupport.parkNanos(CANARY_PAUSE.toNanos());
    }
  }

  private Strangers strangers() {
    return new Strangers(
        nodeId,
        () -> StoreStage.await(board.read()),
        this::knownNodes,
        () -> LockSupport.parkNanos(STRANGERS_PAUSE.toNanos()),
        System::nanoTime);
  }

  /// Empty while some Redis does not say who lives: then nobody is known to be elsewhere.
  private Set<String> knownNodes() {
    return plane.standings().stream().allMatch(ControlPlane.Standing::isHeard)
        ? plane.nodes().all().stream().map(NodeInfo::id).collect(Collectors.toSet())
        : Set.of();
  }

  /// For readiness: how long ago this node's messages to itself came back.
  RelayWatch watch() {
    return new RelayWatch(nodeId, this::seen, System::nanoTime);
  }

  private List<RelayWatch.Shard> seen() {
    return plane.standings().stream()
        .map(
            at ->
                new RelayWatch.Shard(
                    at.relay(),
                    at.name(),
                    at.hasCome() ? at.canaryAgeMs() : RelayWatch.NEVER,
                    at.fits(),
                    at.trouble()))
        .toList();
  }
}
