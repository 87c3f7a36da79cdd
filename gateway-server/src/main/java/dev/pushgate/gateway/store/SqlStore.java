package dev.pushgate.gateway.store;

import com.zaxxer.hikari.HikariPoolMXBean;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.RelayedArchive;
import dev.pushgate.core.store.StreamStore;
import dev.pushgate.gateway.store.dialect.DatabaseSize;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import dev.pushgate.gateway.store.postgres.PostgresDialect;
import dev.pushgate.gateway.store.sqlite.SqliteDialect;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.JdbiException;

/// The store of one process: opens a database, brings its schema up to date, and gives the ports of
/// the core on it. Thread-safe.
public final class SqlStore implements AutoCloseable {
  private static final long LOOK_MS = 1_000;

  private final Database database;
  private final Lanes lanes;
  private final Readers readers;
  private final ScheduledThreadPoolExecutor watch;
  private final StreamStore streams;
  private final ChannelCatalog catalog;
  private final KeyStore keys;
  private final Retention retention;
  private final NewEpochs newEpochs;
  private final RelayedArchive relayedArchive;
  private final CanaryBoard canaries;

  private volatile DatabaseSize size = DatabaseSize.UNKNOWN;

  private SqlStore(Database database, TimeLimits limits, long queueBytes, SteadyClock clock) {
    this.database = database;
    this.watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("store-watch").factory());
    watch.setRemoveOnCancelPolicy(true);
    this.lanes = new Lanes(database, limits, queueBytes);
    this.readers = new Readers(database, limits, watch);
    this.streams = new SqlStreamStore(database, lanes, clock, limits);
    this.catalog = new SqlChannelCatalog(database, lanes, readers, clock);
    this.keys = new SqlKeyStore(lanes, readers);
    this.retention = new Retention(database, lanes, readers, clock);
    this.newEpochs = new NewEpochs(database, lanes);
    this.relayedArchive = new SqlRelayedArchive(database, lanes);
    this.canaries = new CanaryBoard(database, lanes, readers);
  }

  /// Opens the database that the configuration names. Blocks until it is ready to be used.
  ///
  /// @throws StoreStartException with a sentence for the operator when it is not to be used
  public static SqlStore open(StoreConfig config, Clock clock) {
    return open(config, clock, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]: what the clock is compared with, in case it jumps
  static SqlStore open(StoreConfig config, Clock clock, LongSupplier nanoTime) {
    Dialect dialect = dialect(config, clock);
    try {
      return open(dialect, dialect.claim(config.claim()), config, new SteadyClock(clock, nanoTime));
    } catch (StoreStartException e) {
      throw e;
    } catch (RuntimeException e) {
      throw dialect.explain(e);
    }
  }

  private static Dialect dialect(StoreConfig config, Clock clock) {
    if (config.url().startsWith(SqliteDialect.URL_PREFIX)) {
      return new SqliteDialect(config, clock);
    }
    if (config.url().startsWith(PostgresDialect.URL_PREFIX)) {
      return new PostgresDialect(config, clock);
    }
    throw new StoreStartException(
        "The store's URL is to begin with "
            + SqliteDialect.URL_PREFIX
            + " or "
            + PostgresDialect.URL_PREFIX);
  }

  private static SqlStore open(
      Dialect dialect, Ownership ownership, StoreConfig config, SteadyClock clock) {
    TimeLimits limits = new TimeLimits(config.timeout());
    Pools pools = null;
    try {
      ownership.exclusively(() -> Migrations.run(dialect));
      pools = dialect.openPools();
      Database database = new Database(dialect, ownership, pools, limits);
      ownership.begin(database.writing(), database::unavailable);
      SqlStore store = new SqlStore(database, limits, config.queueBytes(), clock);
      store.start(limits);
      return store;
    } catch (RuntimeException e) {
      if (pools != null) {
        pools.close();
      }
      ownership.close();
      throw e;
    }
  }

  private void start(TimeLimits limits) {
    lanes.start();
    var _ =
        watch.scheduleAtFixedRate(
            lanes::giveUpOverdue, limits.watchNanos(), limits.watchNanos(), TimeUnit.NANOSECONDS);
    var _ =
        watch.scheduleAtFixedRate(
            database.complaints()::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    measure();
  }

  private void measure() {
    try {
      size = database.dialect().size(database.reading());
    } catch (JdbiException e) {
      var _ = database.unavailable(e);
    }
  }

  public StreamStore streams() {
    return streams;
  }

  public ChannelCatalog catalog() {
    return catalog;
  }

  /// The archive of a node that shares the database; its streams are a relay's.
  public RelayedArchive relayedArchive() {
    return relayedArchive;
  }

  public CanaryBoard canaries() {
    return canaries;
  }

  public KeyStore keys() {
    return keys;
  }

  /// Completes when another node has taken the database over: then this one can append nothing any
  /// more, and had better end. On a thread of the store, which it must not hold up.
  public CompletionStage<Void> ownershipLost() {
    return database.ownership().lost();
  }

  /// How the store is, as last seen. Does not ask the database.
  public StoreHealth health() {
    Pools pools = database.pools();
    return new StoreHealth(
        database.availability().writeRefusal() == null,
        database.trouble(),
        database.ownership().isHeld(),
        lanes.queuedJobs(),
        lanes.queuedBytes(),
        pools.sum(HikariPoolMXBean::getActiveConnections),
        pools.sum(HikariPoolMXBean::getIdleConnections),
        pools.size(),
        pools.sum(HikariPoolMXBean::getThreadsAwaitingConnection));
  }

  /// Removes from the archive what is beyond the newest `maxMessages` of each channel or older than
  /// `maxAge`, remembered answers that have expired, and what deleted channels have left behind.
  /// Appends go on meanwhile. Blocks until all is done; a channel that cannot be trimmed is logged,
  /// counted and left for the next time. Also cuts down what the database took for a while, and
  /// measures it.
  ///
  /// @param batch how many rows to remove in one transaction
  /// @return how many messages were removed
  /// @throws dev.pushgate.core.store.StoreUnavailableException when the database is away
  public long trim(int maxMessages, Duration maxAge, int batch) {
    database.dialect().tidy();
    measure();
    return retention.trim(maxMessages, maxAge, batch);
  }

  /// How large the database was when it was last trimmed, or opened.
  public DatabaseSize size() {
    return size;
  }

  /// How many times the database failed so since the start.
  public long failures(Fault fault) {
    return database.complaints().count(fault);
  }

  /// How many times a channel could not be trimmed.
  public long trimFailures() {
    return retention.failures();
  }

  /// Begins a new epoch in every channel, because the database was put back from a copy that does
  /// not know all offsets that were given. No gateway may run on it, not even in this process.
  ///
  /// @return how many channels there are; fails as the ports' stages do
  public CompletionStage<Integer> beginNewEpochs() {
    return newEpochs.begin();
  }

  /// Finishes what is queued while there is time, then gives up the ownership and the connections.
  /// Blocks for about the time limit at the most.
  @Override
  public void close() {
    lanes.close();
    readers.close();
    watch.shutdownNow();
    database.close();
  }
}
