package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The rights of a database's user that docs/operate.md lists are enough, and what lacks is said.
@SuppressWarnings("NullAway.Init") // by connect()
class DatabaseRightsIT {
  private final TestDatabase database = TestPostgres.freshDatabase();
  private final String suffix = UUID.randomUUID().toString().replace("-", "");
  private final String owner = "pushgate_owner_" + suffix;
  private final String user = "pushgate_user_" + suffix;
  private Statement superuser;

  @BeforeEach
  void connect() throws SQLException {
    Connection connection =
        DriverManager.getConnection(database.url(), database.user(), database.password());
    superuser = connection.createStatement();
    superuser.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
    for (String role : new String[] {owner, user}) {
      superuser.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
    }
  }

  @AfterEach
  void disconnect() throws SQLException {
    superuser.execute("DROP OWNED BY " + owner + ", " + user);
    superuser.execute("DROP ROLE " + owner + ", " + user);
    superuser.getConnection().close();
  }

  @Test
  void whoMayCreateTablesMakesThemAndServes() throws SQLException {
    assertThat(catchThrowableOfType(StoreStartException.class, () -> open(owner).close()))
        .hasMessageContaining("(SQLSTATE ");
    superuser.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + owner);
    serves(owner);
  }

  @Test
  void whoMayOnlyReadAndWriteThemServes() throws SQLException {
    superuser.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + owner);
    open(owner).close();
    superuser.execute("GRANT USAGE ON SCHEMA public TO " + user);
    superuser.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + user);
    serves(user);
  }

  @Test
  void aRightThatIsTakenAwayIsSaidAndTheNodeGoesOnWhenItIsGivenBack() throws SQLException {
    superuser.execute("GRANT USAGE, CREATE ON SCHEMA public TO " + owner);
    try (SqlStore store = open(owner)) {
      OneChannel channel = OneChannel.declaredIn(store);
      superuser.execute("REVOKE INSERT ON messages FROM " + owner);

      assertThat(refusalOf(channel.append(1)))
          .contains("permission denied for table messages (SQLSTATE 42501)");
      OneChannel.awaitAway(store);
      assertThat(store.health().trouble()).contains("permission denied for table messages");
      superuser.execute("GRANT INSERT ON messages TO " + owner);
      OneChannel.awaitReachable(store);
      await(channel.append(1));
    }
  }

  private void serves(String role) {
    try (SqlStore store = open(role)) {
      OneChannel channel = OneChannel.declaredIn(store);
      await(channel.append(1));
      await(store.canaries().note("node", Map.of("redis", 1L)));
      store.trim(0, Duration.ofDays(1), 10);
      await(store.streams().delete(channel.key()));
      store.trim(0, Duration.ofDays(1), 10);
      assertThat(store.health().trouble()).isNull();
      assertThat(store.size().bytes()).isPositive();
    }
  }

  private SqlStore open(String role) {
    return SqlStore.open(
        Backend.at(new TestDatabase(withoutUser(database.url()), role, "secret"), Backend.PATIENT),
        Clock.systemUTC());
  }

  private static String withoutUser(String url) {
    return url.replaceFirst("\\?.*", "");
  }
}
