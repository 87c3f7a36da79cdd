package dev.pushgate.gateway.store.sqlite;

import static com.zaxxer.hikari.SQLExceptionOverride.Override.CONTINUE_EVICT;

import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.DatabaseSize;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.Generation;
import dev.pushgate.gateway.store.dialect.NoOwnership;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pauses;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// A SQLite file in WAL mode that syncs every commit: one connection writes, others read beside it.
/// Thread-safe.
public final class SqliteDialect implements Dialect {
  private static final Logger log = LoggerFactory.getLogger(SqliteDialect.class);

  /// What JDBC URLs of this dialect begin with.
  public static final String URL_PREFIX = "jdbc:sqlite:";

  /// What the write-ahead log is cut down to when it begins anew: twice what it grows to between
  /// two checkpoints.
  private static final int WAL_BYTES = 8 << 20;

  /// What it grows to only behind somebody who reads for long.
  private static final long WAL_ALARM_BYTES = 64 << 20;

  /// How long cutting it down waits for those who read and write, and holds up who would write
  /// meanwhile; and how often it is tried again before it is left for the next time.
  private static final int TIDY_MS = 100;

  private static final int TIDY_TRIES = 5;
  private static final Duration TIDY_PAUSE = Duration.ofMillis(200);

  private final StoreConfig config;
  private final TimeLimits limits;
  private final Clock clock;
  private final Path file;
  private volatile boolean walIsLarge;

  /// @throws StoreStartException when the URL names no file
  public SqliteDialect(StoreConfig config, Clock clock) {
    this.config = config;
    this.limits = new TimeLimits(config.timeout());
    this.clock = clock;
    this.file = DatabaseFile.named(config.url().substring(URL_PREFIX.length()));
  }

  @Override
  public String place() {
    return "SQLite file " + file;
  }

  @Override
  public String migrations() {
    return "classpath:db/migration/sqlite";
  }

  @Override
  public DataSource unpooled() {
    return source(TransactionMode.DEFERRED);
  }

  @Override
  public Pools openPools() {
    return new Pools(
        Pools.pool(
            "sqlite-writing", source(TransactionMode.IMMEDIATE), 1, limits, _ -> CONTINUE_EVICT),
        Pools.pool(
            "sqlite-reading",
            source(TransactionMode.DEFERRED),
            readers(),
            limits,
            _ -> CONTINUE_EVICT));
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public int readers() {
    return config.poolSize() - 1;
  }

  /// A transaction of the writing connection locks the whole database when it begins.
  @Override
  public String forUpdate() {
    return "";
  }

  @Override
  public String nowMs() {
    return "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
  }

  @Override
  public TransactionIsolationLevel snapshot() {
    return TransactionIsolationLevel.SERIALIZABLE;
  }

  @Override
  public Fault fault(SQLException failure) {
    if (failure.getErrorCode() == 0) {
      return Fault.AWAY;
    }
    return switch (SQLiteErrorCode.getErrorCode(failure.getErrorCode())) {
      case SQLITE_NOMEM,
          SQLITE_IOERR,
          SQLITE_CORRUPT,
          SQLITE_CANTOPEN,
          SQLITE_PROTOCOL,
          SQLITE_NOTADB ->
          Fault.AWAY;
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL -> Fault.READ_ONLY;
      case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG -> Fault.BAD_DATA;
      default -> Fault.REFUSED;
    };
  }

  /// There is no server: what a code means is true of the file.
  @Override
  public boolean isAnswer(SQLException failure) {
    return false;
  }

  @Override
  public boolean isBlocked(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode()) == SQLiteErrorCode.SQLITE_INTERRUPT;
  }

  @Override
  public DataSource probing() {
    return source(TransactionMode.IMMEDIATE, limits.probeLockMs());
  }

  /// The one writer waits for other programs only, and that is a matter of its connection.
  @Override
  public void limitLockWait(Handle handle, int ms) {}

  @Override
  public void interrupt(Connection connection) throws SQLException {
    connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
  }

  @Override
  public DatabaseSize size(Jdbi reading) {
    return new DatabaseSize(file.toFile().length(), walBytes());
  }

  private long walBytes() {
    return file.resolveSibling(file.getFileName() + "-wal").toFile().length();
  }

  /// Cuts a write-ahead log down that has grown behind a long read, unless somebody reads still.
  @Override
  public void tidy() {
    if (walBytes() > WAL_BYTES) {
      try (Connection connection = source(TransactionMode.DEFERRED, TIDY_MS).getConnection();
          Statement statement = connection.createStatement();
          Pauses pauses = new Pauses()) {
        int tries = 1;
        while (!isCutDown(statement) && tries < TIDY_TRIES && !pauses.isClosedAfter(TIDY_PAUSE)) {
          tries++;
        }
      } catch (SQLException e) {
        log.debug("The write-ahead log was not cut down", e);
      }
    }
    boolean isLarge = walBytes() > WAL_ALARM_BYTES;
    if (isLarge && !walIsLarge) {
      log.warn(
          "The write-ahead log of {} has {} MiB: another program has been reading the file for"
              + " long, and the log grows until that ends",
          file,
          walBytes() >> 20);
    }
    walIsLarge = isLarge;
  }

  /// That somebody was in the way is no failure: the row that is answered says so.
  private static boolean isCutDown(Statement statement) throws SQLException {
    try (ResultSet answer = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      return answer.next() && answer.getInt("busy") == 0;
    }
  }

  @Override
  public Ownership claim(Claim claim) {
    if (claim == Claim.SHARED) {
      throw new StoreStartException(
          "Several nodes cannot share a SQLite file: a relay needs a PostgreSQL database");
    }
    try {
      DatabaseFile.prepare(file);
      // Whatever link it is reached by, the lock is beside the file itself.
      Path real = file.toRealPath();
      return claim == Claim.ALONE
          ? new FileOwnership(LockFile.own(real), new Generation(clock))
          : new NoOwnership(work -> LockFile.exclusively(real, work));
    } catch (IOException e) {
      throw DatabaseFile.explain(file, e);
    }
  }

  @Override
  public StoreStartException explain(Throwable failure) {
    int code = SqlFailures.sqlCause(failure).map(SQLException::getErrorCode).orElse(0);
    SQLiteErrorCode known = SQLiteErrorCode.getErrorCode(code);
    String why =
        switch (known) {
          case SQLITE_BUSY, SQLITE_LOCKED -> "is locked by another program";
          case SQLITE_NOTADB -> "is not a SQLite database";
          case SQLITE_READONLY, SQLITE_PERM -> "cannot be written";
          case SQLITE_CANTOPEN -> "cannot be opened";
          case SQLITE_CORRUPT -> "is damaged";
          case SQLITE_FULL -> "has no room left on its disk";
          default -> "cannot be used: " + SqlFailures.sentence(failure);
        };
    return new StoreStartException("The database file " + file + " " + why);
  }

  private DataSource source(TransactionMode mode) {
    return source(mode, limits.statementMs());
  }

  private DataSource source(TransactionMode mode, int busyMs) {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setJournalMode(JournalMode.WAL);
    sqlite.setSynchronous(SynchronousMode.FULL);
    sqlite.setTransactionMode(mode);
    sqlite.setBusyTimeout(busyMs);
    sqlite.setJournalSizeLimit(WAL_BYTES);
    sqlite.enforceForeignKeys(true);
    SQLiteDataSource source = new SQLiteDataSource(sqlite);
    source.setUrl(URL_PREFIX + file);
    return source;
  }
}
