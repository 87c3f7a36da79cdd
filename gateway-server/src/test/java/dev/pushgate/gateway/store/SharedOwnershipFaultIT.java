package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.SOON;
import static dev.pushgate.gateway.store.OneChannel.awaitAway;
import static dev.pushgate.gateway.store.OwnershipLocks.awaitRecovered;
import static dev.pushgate.gateway.store.OwnershipLocks.connect;
import static dev.pushgate.gateway.store.OwnershipLocks.query;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import dev.pushgate.gateway.testing.PostgresProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class SharedOwnershipFaultIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String TAKEN_OVER = "has taken this database over";

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
  void nodesOfAClusterShareADatabaseAndANodeAloneIsKeptOut() {
    StoreConfig alone = freshConfig();
    StoreConfig shared = Backend.shared(alone);
    try (SqlStore one = open(shared)) {
      CompletableFuture<String> refusal;
      try (SqlStore two = open(shared)) {
        OneChannel channel = OneChannel.declaredIn(one);
        assertThat(await(two.relayedArchive().add(publication(channel.key(), 1)))).isTrue();
        refusal = CompletableFuture.supplyAsync(() -> refusalToOpen(alone));
      } // and so it is while it waits for the lock
      assertThat(refusal.join()).startsWith("Another Pushgate node owns this database");
      assertThat(one.health().owned()).isTrue();
    }
    try (SqlStore store = open(alone)) {
      assertThat(refusalToOpen(shared))
          .startsWith("A Pushgate node without a relay owns this database");
      assertThat(store.health().owned()).isTrue();
    }
    open(shared).close();
  }

  @Test
  void aFileCannotBeShared(@TempDir Path directory) {
    assertThat(refusalToOpen(Backend.shared(Backend.SQLITE.fresh(directory, TIMEOUT))))
        .contains("cannot share a SQLite file");
  }

  @Test
  void aNodeAloneThatLostItsLockCanAppendNothingOnceAClusterHasBegun() throws SQLException {
    StoreConfig config = freshConfig();
    try (SqlStore store = open(config)) {
      OneChannel channel = OneChannel.declaredIn(store);
      try (Connection thief = takeTheLockFromItsOwner(config, "pg_advisory_lock_shared");
          SqlStore node = open(Backend.shared(config))) {
        // Until then it may be refused because the owner's watcher found its connection ended.
        Awaitility.await()
            .atMost(SOON)
            .until(() -> refusalOf(channel.append(1)).contains(TAKEN_OVER));
        await(store.ownershipLost());
        assertThat(await(node.relayedArchive().add(publication(channel.key(), 1)))).isTrue();
        assertThat(thief.isValid(1)).isTrue();
      }
    }
  }

  @Test
  void theClustersNodesKeepTheirGenerationOverRestartsOfTheirs() throws SQLException {
    StoreConfig shared = Backend.shared(freshConfig());
    try (SqlStore store = open(shared)) {
      OneChannel channel = OneChannel.declaredIn(store);
      open(shared).close();
      assertThat(await(store.relayedArchive().add(publication(channel.key(), 1)))).isTrue();

      // As a node alone would that got in while the server had lost all locks.
      query(
          shared, "UPDATE node_owner SET generation = generation + 1, shared = false RETURNING 1");
      await(store.ownershipLost());
      assertThat(refusalOf(store.relayedArchive().add(publication(channel.key(), 2))))
          .contains(TAKEN_OVER);
      try (SqlStore next = open(shared)) {
        assertThat(await(next.relayedArchive().add(publication(channel.key(), 2)))).isTrue();
        assertThat(refusalOf(store.relayedArchive().add(publication(channel.key(), 3))))
            .contains(TAKEN_OVER);
      }
    }
  }

  @Test
  void aRestartOfTheServerIsOutlivedByAllNodes() {
    StoreConfig config = freshConfig();
    StoreConfig shared = Backend.shared(config);
    try (SqlStore one = open(shared);
        SqlStore two = open(shared)) {
      OneChannel channel = OneChannel.declaredIn(one);
      postgres.kill();
      Awaitility.await()
          .atMost(SOON)
          .until(() -> !Stages.isDone(one.relayedArchive().add(publication(channel.key(), 1))));
      awaitAway(one);
      assertThat(one.relayedArchive().isAway()).isTrue();
      postgres.launch();

      awaitRecovered(shared, one, two);
      assertThat(await(one.relayedArchive().add(publication(channel.key(), 1)))).isTrue();
      assertThat(await(two.relayedArchive().add(publication(channel.key(), 1)))).isTrue();
      assertThat(refusalToOpen(config)).startsWith("Another Pushgate node owns this database");
    }
  }

  /// Waits for the lock of the ownership and then ends the connection that has it, so that nobody
  /// else can be quicker.
  private static Connection takeTheLockFromItsOwner(StoreConfig config, String how)
      throws SQLException {
    long owner = OwnershipLocks.holder(config);
    Connection thief = connect(config);
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (Statement statement = thief.createStatement()) {
                    statement.execute("SELECT " + how + "(1349874503, hashtext(current_schema()))");
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                });
    Awaitility.await()
        .atMost(SOON)
        .until(() -> query(config, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 1);
    query(config, "SELECT pg_terminate_backend(" + owner + ")::int");
    Awaitility.await().atMost(SOON).until(() -> !waiting.isAlive());
    return thief;
  }

  private StoreConfig freshConfig() {
    return Backend.at(postgres.freshDatabase(), TIMEOUT);
  }

  private static SqlStore open(StoreConfig config) {
    return SqlStore.open(config, Clock.systemUTC());
  }

  private static String refusalToOpen(StoreConfig config) {
    StoreStartException refusal =
        catchThrowableOfType(StoreStartException.class, () -> open(config).close());
    assertThat(refusal).isNotNull();
    return String.valueOf(refusal.getMessage());
  }
}
