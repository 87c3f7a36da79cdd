package dev.pushgate.gateway.store.postgres;

import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// Connections to PostgreSQL whose sessions have the store's own settings. They are asked for when
/// the connection is made, and made good afterwards where that was not heard: poolers may drop what
/// they do not know. Thread-safe once it is set up.
final class PostgresSessions extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  /// The ownership's check relies on each statement's seeing what was committed before it.
  private static final String ISOLATION = "default_transaction_isolation";

  /// What is answered 201 is to outlive the server: where somebody has switched that off for the
  /// sake of other programs, it is on for this one. Every other level stays as it is.
  private static final String DURABLE =
      "SELECT set_config('synchronous_commit', 'on', false)"
          + " WHERE current_setting('synchronous_commit') = 'off'";

  private final String settle;

  PostgresSessions(TimeLimits limits) {
    this.settle = DURABLE + " UNION ALL " + missing(settings(limits));
  }

  /// The limits on the server's side. The keepalives make the server notice a node that vanished
  /// without a word, whose ownership and row locks would otherwise stay for hours.
  private static Map<String, String> settings(TimeLimits limits) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("statement_timeout", Integer.toString(limits.statementMs()));
    settings.put("lock_timeout", Integer.toString(limits.lockMs()));
    settings.put(
        "idle_in_transaction_session_timeout", Integer.toString(limits.silentTransactionMs()));
    settings.put("tcp_keepalives_idle", "5");
    settings.put("tcp_keepalives_interval", "2");
    settings.put("tcp_keepalives_count", "3");
    settings.put("client_min_messages", "error");
    settings.put(ISOLATION, "read committed");
    return settings;
  }

  /// Sets those of which nothing was heard when the connection was made.
  private static String missing(Map<String, String> settings) {
    String wanted =
        settings.entrySet().stream()
            .map(one -> "('%s', '%s')".formatted(one.getKey(), one.getValue()))
            .collect(Collectors.joining(", "));
    return "SELECT set_config(wanted.name, wanted.value, false) FROM (VALUES "
        + wanted
        + ") AS wanted (name, value) JOIN pg_settings AS known USING (name)"
        + " WHERE known.source <> 'client'";
  }

  /// Asks for the settings when connecting. Of two that say the same the later counts, so a URL may
  /// say otherwise; but not in the isolation.
  ///
  /// @param given what the URL asks for
  void ask(TimeLimits limits, @Nullable String given) {
    Map<String, String> settings = settings(limits);
    String isolation = option(ISOLATION, String.valueOf(settings.remove(ISOLATION)));
    String others =
        settings.entrySet().stream()
            .map(one -> option(one.getKey(), one.getValue()))
            .collect(Collectors.joining(" "));
    setOptions(others + " " + (given == null ? "" : given) + " " + isolation);
  }

  private static String option(String name, String value) {
    return String.format(Locale.ROOT, "-c %s=%s", name, value.replace(" ", "\\ "));
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    Connection connection = untouched(user, password);
    try (Statement statement = connection.createStatement()) {
      statement.execute(settle);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /// A connection on whose session nothing is set: behind a pooler it may be somebody else's next.
  Connection untouched() throws SQLException {
    return untouched(getUser(), getPassword());
  }

  private Connection untouched(@Nullable String user, @Nullable String password)
      throws SQLException {
    return super.getConnection(user, password);
  }
}
