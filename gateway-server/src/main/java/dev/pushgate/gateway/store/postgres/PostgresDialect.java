package dev.pushgate.gateway.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Generation;
import dev.pushgate.gateway.store.dialect.NoOwnership;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL database: a few lanes write, each its own channels, and as many connections read.
/// Thread-safe.
public final class PostgresDialect implements Dialect {
  /// What JDBC URLs of this dialect begin with.
  public static final String URL_PREFIX = "jdbc:postgresql:";

  /// More writers than this do not commit faster: they share one write-ahead log.
  private static final int MAX_LANES = 4;

  /// Begins of SQL states after which nothing works until somebody mends the server or the way to
  /// it: lost connections, bad credentials, no such database, no room, shutdown, I/O errors, a
  /// read-only replica.
  private static final List<String> AWAY =
      List.of("08", "28", "3D", "53", "57P", "58", "XX", "25006");

  /// The ownership's check relies on each statement's seeing what was committed before it.
  private static final String ISOLATION = "-c default_transaction_isolation=read\\ committed";

  /// What is answered 201 is to outlive the server: where somebody has switched that off for the
  /// sake of other programs, it is on for this one. Every other level stays as it is.
  private static final String DURABLE =
      "SELECT set_config('synchronous_commit', 'on', false)"
          + " WHERE current_setting('synchronous_commit') = 'off'";

  private final StoreConfig config;
  private final TimeLimits limits;
  private final Clock clock;
  private final PGSimpleDataSource source;

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
    HikariDataSource pool = Pools.pool("postgres", source, config.poolSize(), limits, DURABLE);
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
  public boolean isAway(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientConnectionException
        || state == null
        || AWAY.stream().anyMatch(state::startsWith);
  }

  @Override
  public Ownership claim(Claim claim) {
    // Flyway takes a lock of its own in PostgreSQL.
    return switch (claim) {
      case NONE -> new NoOwnership(Runnable::run);
      case ALONE -> new AdvisoryOwnership(source, new Generation(clock), false);
      case SHARED -> new AdvisoryOwnership(source, new Generation(clock), true);
    };
  }

  @Override
  public StoreStartException explain(Throwable failure) {
    String state = SqlFailures.sqlCause(failure).map(SQLException::getSQLState).orElse("");
    String why = state.startsWith("08") ? "cannot be reached" : "cannot be used";
    return new StoreStartException(
        "The " + place() + " " + why + ": " + SqlFailures.sentence(failure));
  }

  private PGSimpleDataSource source() {
    PGSimpleDataSource made = new PGSimpleDataSource();
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
  private void setUnlessGiven(PGSimpleDataSource made) {
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
    String options = PGProperty.OPTIONS.getOrDefault(given);
    made.setOptions(sessionLimits() + " " + (options == null ? "" : options) + " " + ISOLATION);
  }

  /// The limits on the server's side; of two that say the same the later counts, so a URL may say
  /// otherwise. The keepalives make the server notice a node that vanished without a word, whose
  /// ownership and row locks would otherwise stay for hours.
  private String sessionLimits() {
    return String.format(
        Locale.ROOT,
        "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
            + " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
            + " -c client_min_messages=error",
        limits.statementMs(),
        limits.statementMs(),
        limits.silentTransactionMs());
  }
}
