package dev.pushgate.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the sessions of a store are like, whatever the server's and the URL's settings are.
class PostgresSessionsIT {
  private final TestDatabase database = TestPostgres.freshDatabase();

  @Test
  void theUrlsOptionsCountBesideTheStoresOwn() throws SQLException {
    String options = "options=-c%20search_path=pg_catalog%20-c%20statement_timeout=1234";

    assertThat(shown("search_path", options)).isEqualTo("pg_catalog");
    assertThat(shown("statement_timeout", options)).isEqualTo("1234ms");
    assertThat(shown("lock_timeout", options)).isEqualTo("2s");
    assertThat(shown("statement_timeout", "")).isEqualTo("4s");
  }

  @Test
  void theUrlsTimeoutsCount() throws SQLException {
    try (Pools pools = dialect("socketTimeout=77&ApplicationName=mine").openPools();
        Connection connection = pools.writing().getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(77_000);
    }
    assertThat(shown("application_name", "ApplicationName=mine")).isEqualTo("mine");
    assertThat(shown("application_name", "")).isEqualTo("pushgate");
    try (Pools pools = dialect("").openPools();
        Connection connection = pools.writing().getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(5_000);
    }
  }

  @Test
  void everySessionReadsWhatIsCommittedWhateverTheServersDefaultIs() throws SQLException {
    alter("default_transaction_isolation = 'serializable'");

    assertThat(shown("transaction_isolation", "")).isEqualTo("read committed");
    assertThat(
            shown(
                "transaction_isolation",
                "options=-c%20default_transaction_isolation=repeatable%5C%20read"))
        .isEqualTo("read committed");
  }

  @Test
  void limitsThatAPoolerDidNotPassOnAreSetAllTheSame() throws SQLException {
    // As behind a pooler that drops what a connection asks for at its start: nothing was asked for.
    PostgresSessions silent = new PostgresSessions(new TimeLimits(Duration.ofSeconds(5)));
    silent.setUrl(database.url());
    if (database.user() != null) {
      silent.setUser(database.user());
    }
    if (database.password() != null) {
      silent.setPassword(database.password());
    }
    try (Connection connection = silent.getConnection()) {
      assertThat(shown(connection, "lock_timeout")).isEqualTo("2s");
      assertThat(shown(connection, "statement_timeout")).isEqualTo("4s");
      assertThat(shown(connection, "idle_in_transaction_session_timeout")).isEqualTo("2500ms");
      assertThat(shown(connection, "default_transaction_isolation")).isEqualTo("read committed");
    }
  }

  @ParameterizedTest
  @CsvSource({"off, on", "on, on", "local, local", "remote_apply, remote_apply"})
  void commitsAreDurableWhateverTheServersDefaultIs(String setting, String effective)
      throws SQLException {
    alter("synchronous_commit = '" + setting + "'");

    assertThat(shown("synchronous_commit", "")).isEqualTo(effective);
  }

  private String shown(String setting, String parameters) throws SQLException {
    try (Pools pools = dialect(parameters).openPools();
        Connection connection = pools.writing().getConnection()) {
      return shown(connection, setting);
    }
  }

  private static String shown(Connection connection, String setting) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private PostgresDialect dialect(String parameters) {
    String url = database.url();
    String password = database.password();
    return new PostgresDialect(
        new StoreConfig(
            url + (url.contains("?") ? "&" : "?") + parameters,
            database.user(),
            password == null ? null : new Secret(password),
            2,
            Duration.ofSeconds(5),
            Claim.ALONE),
        Clock.systemUTC());
  }

  private void alter(String setting) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        var statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + connection.getCatalog() + " SET " + setting);
    }
  }
}
