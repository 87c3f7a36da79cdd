package dev.pushgate.gateway.store.postgres;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Whether a PostgreSQL database is one that Pushgate can use, asked before it touches anything.
/// Stateless.
final class ServerCheck {
  private static final String UTF8 = "UTF8";

  /// A pooler that hands out server connections by chance is found sooner or later.
  private static final int ROUNDS = 5;

  private ServerCheck() {}

  /// @param place the database, for people
  /// @throws StoreStartException when it cannot be used
  static void run(PostgresSessions sessions, String place) throws SQLException {
    try (Connection one = sessions.untouched();
        Connection other = sessions.untouched()) {
      checkSession(one, other, place);
      checkEncoding(one, place);
    }
  }

  private static void checkEncoding(Connection connection, String place) throws SQLException {
    String server = ask(connection, "SHOW server_encoding");
    String client = ask(connection, "SHOW client_encoding");
    if (!server.equals(UTF8)) {
      throw new StoreStartException(
          "The "
              + place
              + " has the encoding "
              + server
              + ", which cannot hold every message; Pushgate needs one that was made with ENCODING"
              + " 'UTF8' TEMPLATE template0");
    }
    if (!client.equals(UTF8)) {
      throw new StoreStartException(
          "The sessions of the " + place + " have the encoding " + client + "; they need UTF8");
    }
  }

  /// Whether each connection has a server process of its own, for as long as it lasts. A pooler
  /// that works by transactions or statements gives the one that is free to whoever comes next:
  /// then either both connections get the same, or, while one is held, the other gets another than
  /// before.
  private static void checkSession(Connection one, Connection other, String place)
      throws SQLException {
    for (int round = 0; round < ROUNDS; round++) {
      String mine = process(one);
      other.setAutoCommit(false);
      String others = process(other);
      if (mine.equals(others) || !mine.equals(process(one))) {
        throw new StoreStartException(
            "The "
                + place
                + " is behind a pooler that gives each transaction another server connection;"
                + " Pushgate needs connections that last: let it connect to PostgreSQL itself, or"
                + " to a pool in session mode");
      }
      other.rollback();
      other.setAutoCommit(true);
    }
  }

  private static String process(Connection connection) throws SQLException {
    return ask(connection, "SELECT pg_backend_pid()");
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
