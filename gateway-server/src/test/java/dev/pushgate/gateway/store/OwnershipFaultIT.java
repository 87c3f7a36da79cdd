package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.SOON;
import static dev.pushgate.gateway.store.OwnershipLocks.awaitRecovered;
import static dev.pushgate.gateway.store.OwnershipLocks.connect;
import static dev.pushgate.gateway.store.OwnershipLocks.query;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.testing.PostgresProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class OwnershipFaultIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private PostgresProcess postgres;

  @BeforeAll
  void start() {
    postgres = PostgresProcess.start();
  }

  @AfterAll
  void stop() {
    postgres.close();
  }

  @Test
  void aNodeWhoseClaimWasTakenOverCanAppendNothing() throws SQLException {
    StoreConfig config = freshConfig();
    try (SqlStore store = open(config)) {
      OneChannel channel = OneChannel.declaredIn(store);
      await(channel.append(1));

      query(config, "UPDATE node_owner SET generation = generation + 1 RETURNING generation");

      assertThat(refusalOf(channel.append(2))).contains("has taken this database over");
      assertThat(refusalOf(store.streams().delete(channel.key())))
          .contains("has taken this database over");
      assertThat(store.health().owned()).isFalse();
      query(config, "UPDATE node_owner SET generation = generation - 1 RETURNING generation");
      assertThat(isDone(channel.append(2))).isFalse();
      assertThat(channel.offsets()).containsExactly(1L);
    }
  }

  @Test
  void aClaimThatWasTakenOverIsFoundLostWithoutAnAppend() throws SQLException {
    StoreConfig config = freshConfig();
    try (SqlStore store = open(config)) {
      assertThat(store.ownershipLost().toCompletableFuture()).isNotDone();

      query(config, "UPDATE node_owner SET generation = generation + 1 RETURNING generation");

      await(store.ownershipLost());
      assertThat(store.health().owned()).isFalse();
    }
  }

  @Test
  void theOwnershipIsLockedAgainAfterTheServerRestarted() {
    StoreConfig config = freshConfig();
    try (SqlStore store = open(config)) {
      OneChannel channel = OneChannel.declaredIn(store);

      postgres.kill();
      postgres.launch();

      awaitRecovered(config, store);
      assertThatThrownBy(() -> open(config)).isInstanceOf(StoreStartException.class);
      await(channel.append(1));
      assertThat(store.health().owned()).isTrue();
    }
  }

  @Test
  void aTakeoverWaitsForTheCommitsUnderWay() throws SQLException {
    StoreConfig config = Backend.at(postgres.freshDatabase(), Backend.PATIENT);
    try (SqlStore store = open(config)) {
      OneChannel channel = OneChannel.declaredIn(store);
      try (Connection other = connect(config);
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        // As a commit under way does: it holds the row, so the append cannot end before it.
        statement.execute(
            "SELECT 1 FROM channels WHERE slug = '" + channel.key().name() + "' FOR UPDATE");
        CompletionStage<Void> append = channel.append(1);
        Awaitility.await().atMost(SOON).until(() -> waitingLocks(config) > 0);
        assertThat(append.toCompletableFuture()).isNotDone();
        assertThat(
                query(
                    config,
                    "SELECT pg_try_advisory_xact_lock(classid::int, objid::int)::int"
                        + " FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"))
            .isZero();
        other.rollback();
        await(append);
      }
    }
  }

  private StoreConfig freshConfig() {
    return Backend.at(postgres.freshDatabase(), TIMEOUT);
  }

  private static SqlStore open(StoreConfig config) {
    return SqlStore.open(config, Clock.systemUTC());
  }

  private static long waitingLocks(StoreConfig config) throws SQLException {
    return query(config, "SELECT count(*) FROM pg_locks WHERE NOT granted");
  }
}
