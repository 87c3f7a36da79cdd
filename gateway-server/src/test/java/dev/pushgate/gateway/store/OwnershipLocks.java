package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.SOON;
import static dev.pushgate.gateway.store.OneChannel.awaitReachable;

import dev.pushgate.gateway.store.dialect.StoreConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.awaitility.Awaitility;

/// The locks that keep other nodes from a PostgreSQL database, as the server has them. Stateless.
final class OwnershipLocks {
  private static final String GRANTED =
      " FROM pg_locks WHERE locktype = 'advisory' AND classid = 1349874503 AND granted"
          + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

  private OwnershipLocks() {}

  static long count(StoreConfig config) throws SQLException {
    return query(config, "SELECT count(*)" + GRANTED);
  }

  /// The process at the server whose connection has the lock.
  static long holder(StoreConfig config) throws SQLException {
    return query(config, "SELECT pid" + GRANTED);
  }

  /// Waits until all that these stores lost with their server's end is found and made anew. Who
  /// watches over the ownership may find its own connection dead when the server serves others
  /// again: once more the database is away then, for a moment.
  static void awaitRecovered(StoreConfig config, SqlStore... stores) {
    Awaitility.await().atMost(SOON).until(() -> count(config) == stores.length);
    for (SqlStore store : stores) {
      awaitReachable(store);
    }
  }

  /// The first number that the database answers; -1 when it has none.
  static long query(StoreConfig config, String sql) throws SQLException {
    try (Connection connection = connect(config);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  static Connection connect(StoreConfig config) throws SQLException {
    return DriverManager.getConnection(config.url(), config.user(), null);
  }
}
