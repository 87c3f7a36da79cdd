package dev.pushgate.gateway.store.sqlite;

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
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// A SQLite file in WAL mode that syncs every commit: one connection writes, others read beside it.
/// Thread-safe.
public final class SqliteDialect implements Dialect {
  /// What JDBC URLs of this dialect begin with.
  public static final String URL_PREFIX = "jdbc:sqlite:";

  private static final Set<SQLiteErrorCode> AWAY =
      EnumSet.of(
          SQLiteErrorCode.SQLITE_BUSY,
          SQLiteErrorCode.SQLITE_LOCKED,
          SQLiteErrorCode.SQLITE_NOMEM,
          SQLiteErrorCode.SQLITE_READONLY,
          SQLiteErrorCode.SQLITE_IOERR,
          SQLiteErrorCode.SQLITE_CORRUPT,
          SQLiteErrorCode.SQLITE_FULL,
          SQLiteErrorCode.SQLITE_CANTOPEN,
          SQLiteErrorCode.SQLITE_PROTOCOL,
          SQLiteErrorCode.SQLITE_NOTADB);

  private final StoreConfig config;
  private final TimeLimits limits;
  private final Clock clock;
  private final Path file;

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
        Pools.pool("sqlite-writing", source(TransactionMode.IMMEDIATE), 1, limits, null),
        Pools.pool("sqlite-reading", source(TransactionMode.DEFERRED), readers(), limits, null));
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
  public boolean isAway(SQLException failure) {
    return failure.getErrorCode() == 0
        || AWAY.contains(SQLiteErrorCode.getErrorCode(failure.getErrorCode()));
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
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setJournalMode(JournalMode.WAL);
    sqlite.setSynchronous(SynchronousMode.FULL);
    sqlite.setTransactionMode(mode);
    sqlite.setBusyTimeout(limits.statementMs());
    sqlite.enforceForeignKeys(true);
    SQLiteDataSource source = new SQLiteDataSource(sqlite);
    source.setUrl(URL_PREFIX + file);
    return source;
  }
}
