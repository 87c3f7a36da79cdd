package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.store.dialect.StoreConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How much SQLite's write-ahead log takes beside somebody who reads for long.
@Timeout(120)
class WriteAheadLogIT {
  private static final long MIB = 1 << 20;
  private static final Duration FOREVER = Duration.ofDays(10_000);

  @TempDir Path directory;

  @Test
  void theLogThatGrewBehindALongReadIsCutDownWhenThatHasEnded() throws SQLException {
    StoreConfig config = Backend.SQLITE.fresh(directory, Backend.PATIENT);
    try (SqlStore store = SqlStore.open(config, Clock.systemUTC());
        Connection reader = DriverManager.getConnection(config.url());
        Statement statement = reader.createStatement()) {
      OneChannel channel = OneChannel.declaredIn(store);
      reader.setAutoCommit(false);
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM messages")) {
        assertThat(rows.next()).isTrue();
        write(channel, 20);
      }
      store.trim(1_000_000, FOREVER, 100);
      assertThat(store.size().walBytes()).isGreaterThan(20 * MIB);

      reader.rollback();
      store.trim(1_000_000, FOREVER, 100);
      assertThat(store.size().walBytes()).isLessThan(8 * MIB + 1);
      assertThat(store.size().bytes()).isGreaterThan(20 * MIB);
      await(channel.append(20 * 16 + 1));
    }
  }

  /// There is never a moment in which nobody reads.
  @Test
  void theLogIsCutDownBetweenShortReadsToo() throws SQLException {
    StoreConfig config = Backend.SQLITE.fresh(directory, Backend.PATIENT);
    try (SqlStore store = SqlStore.open(config, Clock.systemUTC());
        Connection one = reader(config);
        Connection other = reader(config)) {
      OneChannel channel = OneChannel.declaredIn(store);
      read(one);
      write(channel, 20);
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Void> reading =
          CompletableFuture.runAsync(() -> readInTurns(one, other, stop));
      try {
        store.trim(1_000_000, FOREVER, 100);
        assertThat(store.size().walBytes()).isLessThan(8 * MIB + 1);
      } finally {
        stop.set(true);
        reading.join();
      }
    }
  }

  private static Connection reader(StoreConfig config) throws SQLException {
    Connection reader = DriverManager.getConnection(config.url());
    reader.setAutoCommit(false);
    return reader;
  }

  /// Begins to read, and goes on until it is rolled back.
  private static void read(Connection reader) throws SQLException {
    try (Statement statement = reader.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM channels")) {
      assertThat(rows.next()).isTrue();
    }
  }

  private static void readInTurns(Connection one, Connection other, AtomicBoolean stop) {
    try {
      while (!stop.get()) {
        read(other);
        one.rollback();
        read(one);
        other.rollback();
      }
      one.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(OneChannel channel, int mib) {
    String json = "\"" + "x".repeat(64 << 10) + "\"";
    CompletionStage<Void> last = null;
    for (long offset = 1; offset <= mib * 16L; offset++) {
      last =
          channel
              .store()
              .streams()
              .append(Samples.publication(channel.key(), Samples.EPOCH, offset, json), null);
      await(last);
    }
    assertThat(last).isNotNull();
  }

  @Test
  void aReadThatNobodyWaitsForAnyMoreIsEnded() throws SQLException {
    StoreConfig config = Backend.SQLITE.fresh(directory, Duration.ofSeconds(1));
    try (SqlStore store = SqlStore.open(config, Clock.systemUTC());
        Connection other = DriverManager.getConnection(config.url());
        Statement statement = other.createStatement()) {
      // What the canaries are read from never ends.
      statement.execute("DROP TABLE relay_canaries");
      statement.execute(
          "CREATE VIEW relay_canaries AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
              + " FROM n) SELECT CAST(i AS TEXT) AS node, '' AS relay, i AS seen_at FROM n");

      Assertions.assertThatThrownBy(() -> await(store.canaries().read()))
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("no answer within 1000 ms");
      Awaitility.await().until(() -> store.health().connectionsInUse() == 0);
    }
  }
}
