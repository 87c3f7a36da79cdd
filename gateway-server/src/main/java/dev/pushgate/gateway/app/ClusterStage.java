package dev.pushgate.gateway.app;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.cluster.AloneNodes;
import dev.pushgate.core.cluster.AloneNotices;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.cluster.Nodes;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.engine.ClusterChannels;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.observe.Metrics;
import dev.pushgate.gateway.session.NoticeDesk;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.rest.RestApi;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// What this node shares with others through a relay, or has for itself when it stands alone: made
/// behind the store, for the stages that follow, and begun when they are there. Immutable, but for
/// the sessions that it counts once there are any.
record ClusterStage(
    Own own, Notices notices, Nodes nodes, Rosters rosters, Optional<RelayStage> relay) {
  private static final long NAMES_EVERY_MS = 60_000;

  /// What a node knows by itself.
  ///
  /// @param nodeId another at each start, and not to be guessed: connections are called after it
  /// @param directory all declared channels
  /// @param occupancy how many subscribers it has where
  record Own(
      String nodeId,
      ChannelDirectory directory,
      LocalOccupancy occupancy,
      Connections connections) {}

  /// How many sessions this node has; none before there is anything to count them. Thread-safe.
  static final class Connections implements IntSupplier {
    private volatile IntSupplier counted = () -> 0;

    @Override
    public int getAsInt() {
      return counted.getAsInt();
    }
  }

  static ClusterStage prepare(
      Settings settings,
      SqlStore store,
      MemoryBudget memory,
      Metrics metrics,
      Clock clock,
      LifeCycle life)
      throws StartFailedException {
    Own own =
        new Own(
            OpaqueId.next(new SecureRandom()),
            directory(settings, store, memory.share(MemoryKind.CHANNELS)),
            new LocalOccupancy(),
            new Connections());
    Optional<RelayStage> relay =
        settings
            .relay()
            .urls()
            .map(urls -> RelayStage.prepare(settings, urls, own, store, memory, metrics, clock));
    return new ClusterStage(
        own,
        relay.<Notices>map(shared -> shared.plane().notices()).orElseGet(AloneNotices::new),
        relay
            .map(shared -> shared.plane().nodes())
            .orElseGet(
                () -> new AloneNodes(own.nodeId, version(), clock.millis(), own.connections)),
        relay
            .<Rosters>map(RelayStage::rosters)
            .orElseGet(() -> PresenceStage.alone(settings, life)),
        relay);
  }

  private static ChannelDirectory directory(Settings settings, SqlStore store, MemoryShare memory)
      throws StartFailedException {
    PrivateNames names = new PrivateNames(privateNamesKept(settings), System::nanoTime);
    names.addAll(StoreStage.await(store.catalog().privateNames(names.kept())));
    ChannelDirectory directory = new ChannelDirectory(memory, names);
    AtomicLong tooMany = new AtomicLong();
    StoreStage.await(
        store
            .catalog()
            .forEach(
                channel -> {
                  if (!directory.add(channel)) {
                    tooMany.incrementAndGet();
                  }
                }));
    if (tooMany.get() > 0) {
      throw new StartFailedException(
          "%d channels are declared, and there is memory for %d of them: give the node a larger heap, as by PUSHGATE_JAVA_OPTS=-Xmx1g, or set pushgate.memory.channels (now %d MiB)"
              .formatted(
                  directory.size() + tooMany.get(), directory.size(), memory.limitBytes() >> 20));
    }
    return directory;
  }

  /// As long as anybody may hold a token or a message from before the deletion.
  private static Duration privateNamesKept(Settings settings) {
    Duration log = settings.recentLog().age();
    Duration token = settings.tokens().maxTtl();
    return log.compareTo(token) > 0 ? log : token;
  }

  Engine.@Nullable Cluster forEngine() {
    return relay.map(RelayStage::forEngine).orElse(null);
  }

  RestApi.Cluster forRest(EngineStage engine) {
    return new RestApi.Cluster(
        relay.<Occupancy>map(shared -> shared.plane().occupancy()).orElse(own.occupancy),
        nodes,
        notices,
        engine.engine().positions());
  }

  /// Tells that keys changed.
  void keysChanged() {
    notices.tell(new Notice.KeysChanged());
  }

  /// Hears what others tell from here on, and tells them of this node.
  void begin(AuthStage auth, EngineStage engine, SessionStage sessions, LifeCycle life)
      throws StartFailedException {
    own.connections.counted = sessions::connections;
    Runnable readKeys = () -> refresh(auth.directory());
    Optional<ClusterChannels> channels = engine.engine().clusterChannels();
    notices.start(
        new NoticeDesk(
            sessions.sessions(),
            readKeys,
            key -> channels.ifPresent(shared -> shared.changed(key)),
            () -> {
              readKeys.run();
              channels.ifPresent(ClusterStage::readAll);
            },
            System::nanoTime));
    if (relay.isPresent()) {
      relay.get().begin(life);
    }
  }

  RelayWatch watch() {
    return relay.map(RelayStage::watch).orElseGet(RelayWatch::alone);
  }

  /// What is to be done now and then beside what every node does by itself.
  List<Chores.Periodic> chores(RelayWatch watch, EngineStage engine, SqlStore store) {
    List<Chores.Periodic> chores = new ArrayList<>();
    chores.add(
        new Chores.Periodic(
            NAMES_EVERY_MS, "Forgetting names of deleted channels", () -> forgetNames(store)));
    engine
        .engine()
        .clusterChannels()
        .ifPresent(channels -> chores.addAll(ClusterChores.of(watch, store.canaries(), channels)));
    return chores;
  }

  private void forgetNames(SqlStore store) {
    PrivateNames names = own.directory.privateNames();
    names.expire();
    StoreStage.await(store.catalog().forgetPrivateNames(names.kept()));
  }

  /// Looks for the first time whether the others reach what this node does not: before it says that
  /// it is ready.
  void look(RelayWatch watch, SqlStore store) {
    if (relay.isPresent()) {
      ClusterChores.compare(watch, store.canaries());
    }
  }

  /// A refresh that fails is made good by the next look for changed keys.
  private static void refresh(KeyDirectory directory) {
    var _ = directory.refresh();
  }

  private static void readAll(ClusterChannels channels) {
    var _ = channels.readAll();
  }

  /// The version that the build wrote into the jar.
  static String version() {
    String version = ClusterStage.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
