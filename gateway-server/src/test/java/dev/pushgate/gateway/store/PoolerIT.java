package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.testing.PgBouncer;
import dev.pushgate.gateway.testing.PostgresProcess;
import dev.pushgate.gateway.testing.TestDatabase;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

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

  @Test
  void aPoolOfTransactionsIsRefusedAtTheStart() {
    TestDatabase behind = postgres.freshDatabase();
    try (PgBouncer pooler = PgBouncer.before(behind, "transaction")) {
      StoreStartException refusal =
          catchThrowableOfType(StoreStartException.class, () -> open(pooler.database(behind)));
      assertThat(refusal)
          .hasMessageContaining("is behind a pooler that gives each transaction another")
          .hasMessageContaining("session mode");
      assertThat(refusal.mayPass()).isFalse();
    }
    // And nothing was left in it: the next one, without the pooler, is the first.
    open(behind).close();
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

  private static SqlStore open(TestDatabase database) {
    return SqlStore.open(Backend.at(database, Backend.PATIENT), Clock.systemUTC());
  }
}
