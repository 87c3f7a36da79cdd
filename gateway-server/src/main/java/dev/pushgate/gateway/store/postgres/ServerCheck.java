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

  private ServerCheck() {}

  /// @param place the database, for people
  /// @param heldMax how many transactions may be open at a time
  /// @throws StoreStartException when it cannot be used
  static void run(PostgresSessions sessions, String place, int heldMax) throws SQLException {
    PoolerCheck.run(sessions, place, heldMax);
    try (Connection connection = sessions.untouched()) {
      checkEncoding(connection, place);
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

  /// The first row's first column.
  static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
