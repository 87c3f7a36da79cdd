package dev.pushgate.gateway.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.DatabaseSize;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.Generation;
import dev.pushgate.gateway.store.dialect.NoOwnership;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// A PostgreSQL database: a few lanes write, each its own channels, and as many connections read.
/// Thread-safe.
public final class PostgresDialect implements Dialect {
  /// What JDBC URLs of this dialect begin with.
  public static final String URL_PREFIX = "jdbc:postgresql:";

  /// More writers than this do not commit faster: they share one write-ahead log.
  private static final int MAX_LANES = 4;

  /// What may be otherwise in a moment: there is no server yet, or it is starting, or has no room
  /// for one more connection, or is a standby still.
  private static final List<String> NOT_YET =
      List.of("08001", "08006", "08004", "57P", "53300", "25006");

  /// Quotes a URL that it cannot read, with the password in it, and writes in a form of its own.
  /// Held here, for a logger that nobody holds forgets its level.
  private static final Logger DRIVER = Logger.getLogger(Driver.class.getPackageName());

  static {
    DRIVER.setLevel(Level.OFF);
  }

  private final StoreConfig config;
  private final TimeLimits limits;
  private final Clock clock;
  private final PostgresSessions source;

  /// @throws StoreStartException when the URL is not one that the driver understands
  public PostgresDialect(StoreConfig config, Clock clock) {
    this.config = config;
    this.limits = new TimeLimits(config.timeout());
    this.clock = clock;
    this.source = source();
  }

  @Override
  public String place() {
    @Nullable String[] hosts = source.getServerNames();
    int[] ports = source.getPortNumbers();
    StringBuilder place = new StringBuilder("PostgreSQL database ");
    place.append(source.getDatabaseName()).append(" at ");
    for (int i = 0; i < hosts.length; i++) {
      place.append(i == 0 ? "" : ", ").append(hosts[i]);
      if (i < ports.length && ports[i] != 0) {
        place.append(':').append(ports[i]);
      }
    }
    return place.toString();
  }

  @Override
  public String migrations() {
    return "classpath:db/migration/postgres";
  }

  @Override
  public DataSource unpooled() {
    return source;
  }

  @Override
  public Pools openPools() {
    HikariDataSource pool =
        Pools.pool("postgres", source, config.poolSize(), limits, SqlStates::ofConnection);
    return new Pools(pool, pool);
  }

  @Override
  public int lanes() {
    return config.claim() != Claim.NONE ? Math.min(MAX_LANES, config.poolSize() / 2) : 1;
  }

  @Override
  public int readers() {
    return config.poolSize() - lanes();
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public String nowMs() {
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
  }

  @Override
  public TransactionIsolationLevel snapshot() {
    return TransactionIsolationLevel.REPEATABLE_READ;
  }

  @Override
  public Fault fault(SQLException failure) {
    return SqlStates.fault(failure);
  }

  @Override
  public boolean isAnswer(SQLException failure) {
    return SqlStates.isAnswer(failure);
  }

  @Override
  public boolean isBlocked(SQLException failure) {
    return SqlStates.isBlocked(failure);
  }

  @Override
  public DataSource probing() {
    return source;
  }

  @Override
  public void limitLockWait(Handle handle, int ms) {
    handle.execute("SELECT set_config('lock_timeout', ?, true)", Integer.toString(ms));
  }

  /// The server ends what takes too long by itself.
  @Override
  public void interrupt(Connection connection) {}

  @Override
  public DatabaseSize size(Jdbi reading) {
    return new DatabaseSize(
        reading.withHandle(
            handle ->
                handle
                    .createQuery("SELECT pg_database_size(current_database())")
                    .mapTo(Long.class)
                    .one()),
        0);
  }

  /// The server does that by itself.
  @Override
  public void tidy() {}

  @Override
  public Ownership claim(Claim claim) {
    try {
      ServerCheck.run(
          source,
          place(),
          claim == Claim.NONE ? PoolerCheck.HELD_LATER : PoolerCheck.HELD_AT_THE_START);
    } catch (SQLException e) {
      throw explain(e);
    }
    // Flyway takes a lock of its own in PostgreSQL.
    return switch (claim) {
      case NONE -> new NoOwnership(Runnable::run);
      case ALONE -> new AdvisoryOwnership(source, this::checkAgain, new Generation(clock), false);
      case SHARED -> new AdvisoryOwnership(source, this::checkAgain, new Generation(clock), true);
    };
  }

  private void checkAgain() {
    try {
      PoolerCheck.run(source, place(), PoolerCheck.HELD_LATER);
    } catch (SQLException e) {
      throw explain(e);
    }
  }

  @Override
  public StoreStartException explain(Throwable failure) {
    if (SqlFailures.sqlCause(failure).filter(PoolerCheck::isPoolers).isPresent()) {
      return PoolerCheck.refusal(place());
    }
    String state = SqlFailures.sqlCause(failure).map(SQLException::getSQLState).orElse("");
    String why = state.startsWith("08") ? "cannot be reached" : "cannot be used";
    return new StoreStartException(
        "The " + place() + " " + why + ": " + SqlFailures.sentence(failure),
        SqlStates.begins(state, NOT_YET));
  }

  private PostgresSessions source() {
    PostgresSessions made = new PostgresSessions(limits);
    try {
      made.setUrl(config.url());
    } catch (IllegalArgumentException e) {
      throw new StoreStartException(
          "The store's URL is to be like jdbc:postgresql://host:5432/database");
    }
    if (config.user() != null) {
      made.setUser(config.user());
    }
    if (config.password() != null) {
      made.setPassword(config.password().reveal());
    }
    setUnlessGiven(made);
    return made;
  }

  /// What the URL does not say itself.
  private void setUnlessGiven(PostgresSessions made) {
    Properties given =
        Objects.requireNonNullElseGet(Driver.parseURL(config.url(), null), Properties::new);
    String seconds = Integer.toString(limits.socketSeconds());
    Map<PGProperty, String> usual =
        Map.of(
            PGProperty.APPLICATION_NAME, "pushgate",
            PGProperty.TCP_KEEP_ALIVE, "true",
            PGProperty.CONNECT_TIMEOUT, seconds,
            PGProperty.LOGIN_TIMEOUT, seconds,
            PGProperty.SOCKET_TIMEOUT, seconds);
    usual.forEach(
        (property, value) -> {
          if (!property.isPresent(given)) {
            made.setProperty(property, value);
          }
        });
    made.ask(limits, PGProperty.OPTIONS.getOrDefault(given));
  }
}
