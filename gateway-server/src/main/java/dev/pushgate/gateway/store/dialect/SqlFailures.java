package dev.pushgate.gateway.store.dialect;

import dev.pushgate.core.outcome.FailureWords;
import dev.pushgate.core.store.StoreUnavailableException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;

/// Reads what went wrong out of what libraries throw. Stateless.
public final class SqlFailures {
  private SqlFailures() {}

  /// The database's own error, if it was one.
  public static Optional<SQLException> sqlCause(Throwable failure) {
    SQLException found = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && (found == null || sql.getSQLState() != null)) {
        found = sql;
      }
    }
    return Optional.ofNullable(found);
  }

  /// What went wrong, in one line: the database's own words, and its code for them.
  public static String sentence(Throwable failure) {
    Optional<SQLException> sql = sqlCause(failure);
    String words =
        unknownHost(failure)
            .orElseGet(() -> FailureWords.of(sql.map(Throwable.class::cast).orElse(failure)));
    return sql.map(SQLException::getSQLState)
        .map(state -> words + " (SQLSTATE " + state + ")")
        .orElse(words);
  }

  /// The driver says no more of it than that the attempt failed.
  private static Optional<String> unknownHost(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException unknown) {
        return Optional.of("There is no host " + FailureWords.of(unknown).replaceFirst(": .*", ""));
      }
    }
    return Optional.empty();
  }

  /// The failure as the store's ports promise it.
  public static StoreUnavailableException unavailable(Throwable failure) {
    return failure instanceof StoreUnavailableException already
        ? already
        : new StoreUnavailableException(sentence(failure));
  }

  /// The same of a transaction of which the database itself said that it is rolled back.
  public static StoreUnavailableException rolledBack(Throwable failure) {
    return StoreUnavailableException.rolledBack(sentence(failure));
  }
}
