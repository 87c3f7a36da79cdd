package dev.pushgate.gateway.store.postgres;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether each connection has a server process of its own, for as long as it lasts. A pooler that
/// works by transactions gives one of its server connections to whoever comes next. One that gives
/// them in turn gives another at the second time that it is asked; one that gives the newest gives
/// the same to the next client; one that remembers who had which runs out of them as more and more
/// are held. Whoever chooses by chance is found by asking several times. Confined to one thread.
final class PoolerCheck implements AutoCloseable {
  private static final int ROUNDS = 4;
  private static final int ASKS_IN_A_ROW = 3;

  /// How many transactions a node holds at its start, before there is a pool. One more connection
  /// asks.
  static final int HELD_AT_THE_START = 3;

  /// And later, or a tool beside it: the documents ask for room for three connections more than the
  /// pool's.
  static final int HELD_LATER = 1;

  private final PostgresSessions sessions;
  private final String place;
  private final Connection asking;
  private final String process;
  private final int heldMax;
  private final List<Connection> holding = new ArrayList<>();

  private PoolerCheck(PostgresSessions sessions, String place, int heldMax) throws SQLException {
    this.sessions = sessions;
    this.heldMax = heldMax;
    this.place = place;
    this.asking = sessions.untouched();
    try {
      this.process = process(asking);
    } catch (SQLException e) {
      asking.close();
      throw e;
    }
  }

  /// @param place the database, for people
  /// @param heldMax how many transactions may be open at a time
  /// @throws StoreStartException when the database is behind a pooler that works otherwise than by
  ///     sessions
  static void run(PostgresSessions sessions, String place, int heldMax) throws SQLException {
    try (PoolerCheck check = new PoolerCheck(sessions, place, heldMax)) {
      for (int round = 0; round < ROUNDS; round++) {
        check.askInARow();
        check.askBesideOthers();
      }
    }
  }

  private void askInARow() throws SQLException {
    for (int i = 0; i < ASKS_IN_A_ROW; i++) {
      askAgain();
    }
  }

  private void askAgain() throws SQLException {
    if (!process(asking).equals(process)) {
      throw refusal(place);
    }
  }

  /// While a transaction is open on one more and one more other connection. Each is compared before
  /// anything else is asked: where all server connections are held, one of them is ours.
  private void askBesideOthers() throws SQLException {
    Set<String> processes = new HashSet<>(Set.of(process));
    for (int i = 0; i < heldMax; i++) {
      if (holding.size() == i) {
        holding.add(sessions.untouched());
      }
      Connection other = holding.get(i);
      execute(other, "BEGIN");
      if (!processes.add(process(other))) {
        throw refusal(place);
      }
      askAgain();
    }
    for (Connection other : holding) {
      execute(other, "ROLLBACK");
    }
  }

  private static void execute(Connection connection, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private static String process(Connection connection) throws SQLException {
    return ServerCheck.ask(connection, "SELECT pg_backend_pid()");
  }

  /// Whether only such a pooler makes that happen: a prepared statement is not on the server
  /// connection that it was made on, or another's is there; or PgBouncer works by statements.
  static boolean isPoolers(SQLException failure) {
    String state = failure.getSQLState();
    return "26000".equals(state)
        || "42P05".equals(state)
        || ("08P01".equals(state)
            && String.valueOf(failure.getMessage()).contains("transaction blocks not allowed"));
  }

  static StoreStartException refusal(String place) {
    return new StoreStartException(
        "The "
            + place
            + " is behind a pooler that gives each transaction another server connection;"
            + " Pushgate needs connections that last: let it connect to PostgreSQL itself, or"
            + " to a pool in session mode");
  }

  @Override
  public void close() throws SQLException {
    for (Connection other : holding) {
      other.close();
    }
    asking.close();
  }
}
