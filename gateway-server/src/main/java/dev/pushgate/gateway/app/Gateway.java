package dev.pushgate.gateway.app;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.outcome.FailureWords;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.CannotListenException;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.observe.BuildMeters;
import dev.pushgate.gateway.observe.EngineMeters;
import dev.pushgate.gateway.observe.HttpMeters;
import dev.pushgate.gateway.observe.MemoryMeters;
import dev.pushgate.gateway.observe.Metrics;
import dev.pushgate.gateway.observe.RestMeters;
import dev.pushgate.gateway.observe.SessionMeters;
import dev.pushgate.gateway.observe.ShardMeters;
import dev.pushgate.gateway.observe.StoreMeters;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.rest.RestApi;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole node, put together stage by stage: store, keys, engine, sessions, listeners. Each
/// stage stands on the ones before it and is stopped before them. Thread-safe.
public final class Gateway implements Server {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  /// How often the database is asked for changed keys: what a command changed nobody tells, and
  /// what another node told may be lost.
  private static final Duration KEYS_EVERY = Duration.ofSeconds(1);

  private final Clock clock = Clock.systemUTC();
  private final Duration keysEvery;

  public Gateway() {
    this(KEYS_EVERY);
  }

  /// @param keysEvery how often the database is asked for changed keys; more than a second only
  ///     where something is to show without it
  public Gateway(Duration keysEvery) {
    this.keysEvery = keysEvery;
  }

  @Override
  public Running start(Settings settings) throws StartFailedException {
    LifeCycle life = new LifeCycle();
    try {
      return start(settings, life);
    } catch (StoreStartException | CannotListenException e) {
      life.stop();
      throw new StartFailedException(String.valueOf(e.getMessage()), e);
    } catch (StartFailedException e) {
      life.stop();
      throw e;
    } catch (CompletionException e) {
      life.stop();
      throw new StartFailedException(whatFailed(e) + ": " + FailureWords.of(e), e);
    }
  }

  private static String whatFailed(CompletionException failure) {
    return switch (failure.getCause()) {
      case StoreUnavailableException _ -> "The database stopped answering";
      case UnstorableException _ -> "The database refuses what a start writes";
      case null, default -> "The start failed";
    };
  }

  private Running start(Settings settings, LifeCycle life) throws StartFailedException {
    Metrics metrics = new Metrics();
    life.started("the metrics", metrics::close);
    NodeMemory has = NodeMemory.ofThisProcess();
    has.boundPool();
    MemoryBudget memory = has.share(settings.memory());
    HttpStage.requireRoomForABody(settings, memory);
    MemoryMeters.bind(memory, metrics);
    StoreStage store = StoreStage.start(settings, memory, clock, life);
    SqlStore database = store.store();
    StoreMeters.bind(
        database::health, database::size, database::failures, database::trimFailures, metrics);
    ClusterStage cluster =
        ClusterStage.prepare(settings, store.store(), memory, metrics, clock, life);
    AuthStage auth = AuthStage.start(settings, store.store().keys(), clock, cluster::keysChanged);
    EngineStage engine =
        EngineStage.start(
            settings, store.store(), cluster, memory, new EngineMeters(metrics), clock, life);
    ShardMeters.bind(engine.shards(), metrics);
    BuildMeters.bind(ClusterStage.version(), engine.loops().transport(), metrics);
    HttpMeters http = new HttpMeters(metrics);
    SessionStage sessions =
        SessionStage.start(settings, cluster.own().nodeId(), auth, engine, memory, http, clock);
    SessionMeters.bind(sessions.counters(), metrics);
    cluster.begin(auth, engine, sessions, life);
    RelayWatch watch = cluster.watch();
    List<Chores.Periodic> chores = new ArrayList<>(cluster.chores(watch, engine, store.store()));
    chores.add(ClockWatch.chore(clock, sessions.sessions()::clockWasSet));
    Chores.start(settings, keysEvery, auth, store, chores, life);

    NodeState state = new NodeState(store.store()::health, watch);
    OperatorStage operators =
        OperatorStage.start(settings, state, metrics, engine.loops(), clock, life);
    RestApi api =
        HttpStage.api(
            settings,
            store,
            auth,
            engine,
            cluster,
            PublishRate.limiter(settings.limits().publishesPerSecond()),
            new RestMeters(metrics),
            clock);
    HttpStage clients =
        HttpStage.start(
            settings, api, auth, sessions.gate(), memory, http, engine.loops(), clock, life);
    life.started("the sessions", new Departure(settings, state, clients, sessions)::leaveInOrder);
    cluster.look(watch, store.store());
    state.open();
    log.info(
        "Serving on {}, health and metrics on {}, from {}, with {} shards",
        ClientOrigin.hostAndPort(clients.address()),
        ClientOrigin.hostAndPort(operators.address()),
        store.location(),
        engine.shards().size());
    RunningGateway running =
        new RunningGateway(
            clients.address(),
            operators.address(),
            store.location().toString(),
            store.firstStart(),
            life);
    var _ = store.store().ownershipLost().thenRun(running::fail);
    return running;
  }
}
