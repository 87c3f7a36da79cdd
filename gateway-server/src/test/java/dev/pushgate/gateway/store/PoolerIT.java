package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.testing.LogLines;
import dev.pushgate.gateway.testing.PgBouncer;
import dev.pushgate.gateway.testing.PostgresProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import dev.pushgate.gateway.testing.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The store behind a real PgBouncer. Where there is none these tests are skipped, or fail when
/// `PUSHGATE_TEST_BROWSER_REQUIRED` says that all programs are to be there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class PoolerIT {
  private PostgresProcess postgres;

  @BeforeAll
  void start() {
    boolean isThere = PgBouncer.program().isPresent();
    if ("1".equals(System.getenv("PUSHGATE_TEST_BROWSER_REQUIRED"))) {
      assertThat(isThere).as("pgbouncer is there").isTrue();
    }
    assumeTrue(isThere, "This is not tried, for there is no `pgbouncer` here");
    postgres = PostgresProcess.start();
  }

  @AfterAll
  void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  /// Whatever order it gives its server connections in, and however many there are.
  @ParameterizedTest
  @CsvSource({
    "0, 0, ''",
    "0, 2, ''",
    "0, 6, ''",
    "1, 0, ''",
    "1, 2, ''",
    "1, 6, ''",
    "0, 2, prepareThreshold=0",
    "0, 6, prepareThreshold=0",
    "1, 0, prepareThreshold=0",
    "1, 2, prepareThreshold=0",
    "1, 6, prepareThreshold=0",
    "1, 2, preferQueryMode=simple"
  })
  void aPoolOfTransactionsIsRefusedAtTheStart(int roundRobin, int least, String parameter) {
    TestDatabase behind = postgres.freshDatabase();
    try (PgBouncer pooler =
        PgBouncer.before(
            behind,
            "transaction",
            "server_round_robin = " + roundRobin,
            "min_pool_size = " + least)) {
      TestDatabase pooled = with(parameter, pooler.database(behind));
      fill(pooled, least);
      for (int i = 0; i < 3; i++) {
        assertRefused(pooled);
      }
    }
    // And nothing was left in it: the next one, without the pooler, is the first.
    open(behind).close();
  }

  @Test
  void aPoolOfOneServerConnectionIsRefusedRatherThanWaitedFor() {
    TestDatabase behind = postgres.freshDatabase();
    try (PgBouncer pooler = PgBouncer.before(behind, "transaction", "default_pool_size = 1")) {
      assertRefused(pooler.database(behind));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aPoolOfStatementsIsRefusedAtTheStart(int least) {
    TestDatabase behind = postgres.freshDatabase();
    try (PgBouncer pooler = PgBouncer.before(behind, "statement", "min_pool_size = " + least)) {
      assertRefused(pooler.database(behind));
    }
  }

  private static void assertRefused(TestDatabase pooled) {
    StoreStartException refusal =
        catchThrowableOfType(StoreStartException.class, () -> open(pooled).close());
    assertThat(refusal)
        .hasMessageContaining("is behind a pooler that gives each transaction another")
        .hasMessageContaining("session mode");
    assertThat(refusal.mayPass()).isFalse();
  }

  private static TestDatabase with(String parameter, TestDatabase database) {
    return parameter.isEmpty()
        ? database
        : new TestDatabase(database.url() + "?" + parameter, database.user(), database.password());
  }

  /// Lets the pooler open that many server connections, which it does when somebody comes.
  private static void fill(TestDatabase pooled, int count) {
    List<Connection> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Connection connection = DriverManager.getConnection(pooled.url(), pooled.user(), null);
        held.add(connection);
        try (Statement statement = connection.createStatement()) {
          statement.execute("BEGIN");
        }
      }
      for (Connection connection : held) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPoolOfSessionsServes() {
    TestDatabase behind = postgres.freshDatabase();
    try (PgBouncer pooler = PgBouncer.before(behind, "session");
        SqlStore store = open(pooler.database(behind))) {
      OneChannel channel = OneChannel.declaredIn(store);
      channel.append(1, 200).forEach(Stages::await);

      assertThat(channel.offsets()).isEqualTo(range(1, 200));
      assertThat(
              catchThrowableOfType(
                  StoreStartException.class, () -> open(pooler.database(behind)).close()))
          .hasMessageStartingWith("Another Pushgate node owns this database")
          .hasMessageContaining("(it is held by a connection from 127.0.0.1 since ");
    }
  }

  @Test
  void aPoolOfTransactionsThatComesBetweenLaterIsTold() {
    TestDatabase behind = postgres.freshDatabase();
    int server = port(behind);
    try (PgBouncer pooler = PgBouncer.before(behind, "transaction");
        TcpProxy address = new TcpProxy(server);
        LogLines log =
            new LogLines("dev.pushgate.gateway.store.postgres.AdvisoryOwnership", Level.INFO);
        SqlStore _ = open(at(address.port(), behind))) {
      String place = "127.0.0.1:" + address.port();
      address.lead(port(pooler.database(behind)));
      address.cut();
      Awaitility.await().until(() -> !log.with(place).isEmpty());

      assertThat(log.with(place))
          .singleElement()
          .asString()
          .startsWith("ERROR The ownership of the database is not locked again: ")
          .contains("is behind a pooler");
      int before = log.with("is locked again").size();
      address.lead(server);
      address.cut();
      Awaitility.await().until(() -> log.with("is locked again").size() > before);
    }
  }

  private static TestDatabase at(int port, TestDatabase database) {
    String url = database.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/");
    return new TestDatabase(url, database.user(), database.password());
  }

  private static int port(TestDatabase database) {
    return URI.create(database.url().substring("jdbc:".length())).getPort();
  }

  private static SqlStore open(TestDatabase database) {
    return SqlStore.open(Backend.at(database, Backend.PATIENT), Clock.systemUTC());
  }
}
