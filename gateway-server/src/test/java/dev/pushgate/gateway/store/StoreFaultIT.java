package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.awaitAway;
import static dev.pushgate.gateway.store.OneChannel.awaitReachable;
import static dev.pushgate.gateway.store.OneChannel.range;
import static dev.pushgate.gateway.store.OwnershipLocks.awaitRecovered;
import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.channel;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.testing.PostgresProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class StoreFaultIT {
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
  void aServerKilledBetweenAppendsLosesNothing() {
    StoreConfig config = freshConfig();
    try (SqlStore store = open(config)) {
      OneChannel channel = OneChannel.declaredIn(store);
      channel.append(1, 20).forEach(Stages::await);

      postgres.kill();
      assertThat(isDone(channel.append(21))).isFalse();
      assertThat(store.health().reachable()).isFalse();
      assertThat(isDone(store.catalog().find(channel.key()))).isFalse();
      postgres.launch();

      awaitRecovered(config, store);
      assertThat(channel.opened().head()).isEqualTo(new StreamPosition(EPOCH, 20));
      await(channel.append(21));
      assertThat(channel.offsets()).isEqualTo(range(1, 21));
    }
  }

  @Test
  void aServerKilledDuringAppendsLosesNothingThatWasAcknowledgedAndDoublesNothing() {
    StoreConfig config = freshConfig();
    try (SqlStore store = open(config)) {
      List<CountingHome> homes =
          IntStream.range(0, 8)
              .mapToObj(i -> new CountingHome(OneChannel.declaredIn(store)))
              .toList();
      for (int round = 0; round < 3; round++) {
        List<CompletionStage<Void>> burst = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
          homes.forEach(home -> burst.add(home.publish()));
        }
        // Some are committed, some are on their way, some wait.
        await(burst.get(burst.size() / 10));
        postgres.kill();
        burst.forEach(Stages::isDone);
        postgres.launch();
        awaitRecovered(config, store);
        homes.forEach(CountingHome::goOnFromWhatIsStored);
      }
      for (CountingHome home : homes) {
        await(home.publish());
        home.goOnFromWhatIsStored();
      }
    }
  }

  @Test
  void everyStageCompletesWhileTheServerHangsAndItRecoversByItself() {
    try (SqlStore store = open(freshConfig())) {
      OneChannel channel = OneChannel.declaredIn(store);
      channel.append(1, 3).forEach(Stages::await);

      postgres.pause();
      try {
        List<CompletionStage<?>> stages = new ArrayList<>(channel.append(4, 40));
        stages.add(store.streams().open(channel.key(), 10, 10_000));
        stages.add(store.catalog().find(channel.key()));
        stages.add(store.keys().load());
        assertThat(stages).noneMatch(Stages::isDone);
        awaitAway(store);
        // Known to be away: now the answer is there at once.
        assertThat(channel.append(4).toCompletableFuture()).isCompletedExceptionally();
      } finally {
        postgres.resume();
      }

      awaitReachable(store);
      OpenedStream truth = channel.openedEventually();
      assertThat(OneChannel.offsets(truth)).isEqualTo(range(1, truth.head().offset()));
      long next = truth.head().offset() + 1;
      await(channel.append(next));
      assertThat(channel.offsets()).isEqualTo(range(1, next));
    }
  }

  @Test
  void whatTheQueueCannotHoldIsRefusedAtOnceAndTheRestIsWritten() {
    StoreConfig patient = Backend.at(postgres.freshDatabase(), Duration.ofMinutes(2));
    try (SqlStore store = open(patient)) {
      OneChannel channel = OneChannel.declaredIn(store);
      List<CompletionStage<Void>> stages = new ArrayList<>();
      String json = "\"" + "x".repeat(64 << 10) + "\"";

      postgres.pause();
      try {
        for (long offset = 1; offset <= 1_200; offset++) {
          stages.add(store.streams().append(publication(channel.key(), EPOCH, offset, json), null));
        }
        assertThat(refusalOf(stages.getLast())).contains("too much is waiting");
        assertThat(store.health().queuedBytes()).isPositive();
      } finally {
        postgres.resume();
      }

      long written = stages.stream().filter(Stages::isDone).count();
      assertThat(written).isBetween(1L, 1_199L);
      assertThat(await(store.streams().open(channel.key(), 0, 0)).orElseThrow().head().offset())
          .isEqualTo(written);
      assertThat(store.health().queuedJobs()).isZero();
    }
  }

  @Test
  void aSqliteFileLockedByAnotherWriterIsAwayUntilItIsLetGo(@TempDir Path directory)
      throws SQLException {
    StoreConfig config = Backend.SQLITE.fresh(directory, Duration.ofSeconds(1));
    try (SqlStore store = open(config);
        Connection other = DriverManager.getConnection(config.url());
        Statement statement = other.createStatement()) {
      OneChannel channel = OneChannel.declaredIn(store);
      statement.execute("BEGIN IMMEDIATE");

      assertThat(channel.append(1, 5)).noneMatch(Stages::isDone);
      awaitAway(store);
      statement.execute("COMMIT");

      awaitReachable(store);
      assertThat(channel.opened().head().offset()).isZero();
      channel.append(1, 5).forEach(Stages::await);
    }
  }

  @Test
  void anAppendThatTheDatabaseCannotTakeLeavesThoseBeforeItInItsChannelAlone() throws SQLException {
    StoreConfig config = Backend.at(postgres.freshDatabase(), Backend.PATIENT);
    try (SqlStore store = open(config);
        Connection other = DriverManager.getConnection(config.url(), config.user(), null);
        Statement statement = other.createStatement()) {
      OneChannel channel = OneChannel.declaredIn(store);
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM channels FOR UPDATE");
      List<CompletionStage<Void>> stages = new ArrayList<>(channel.append(1, 1));
      Awaitility.await().until(() -> store.health().queuedJobs() == 0);
      // The lane waits for the row with the first; all others are one batch.
      stages.addAll(channel.append(2, 5));
      stages.add(store.streams().append(withNul(publication(channel.key(), 6)), null));
      stages.addAll(channel.append(7, 9));
      other.rollback();

      CompletionStage<Void> bad = stages.remove(5);
      assertThatThrownBy(() -> await(bad)).hasCauseInstanceOf(UnstorableException.class);
      assertThat(stages.stream().map(Stages::isDone))
          .containsExactly(true, true, true, true, true, false, false, false);
      assertThat(channel.offsets()).isEqualTo(range(1, 5));
      assertThat(store.health().reachable()).isTrue();
    }
  }

  @Test
  void aPublicationThatTheArchiveCannotTakeIsRefusedAlone() {
    try (SqlStore store = open(Backend.at(postgres.freshDatabase(), Backend.PATIENT))) {
      List<OneChannel> channels =
          IntStream.range(0, 3).mapToObj(_ -> OneChannel.declaredIn(store)).toList();
      List<CompletionStage<Boolean>> good = new ArrayList<>();
      List<CompletionStage<Boolean>> bad = new ArrayList<>();
      for (long offset = 1; offset <= 60; offset++) {
        for (OneChannel channel : channels) {
          Publication sound = publication(channel.key(), offset);
          boolean isBad = offset % 20 == 7;
          (isBad ? bad : good).add(store.relayedArchive().add(isBad ? withNul(sound) : sound));
        }
      }

      assertThat(good).allMatch(Stages::await);
      assertThat(bad)
          .hasSize(9)
          .allSatisfy(
              one ->
                  assertThatThrownBy(() -> await(one))
                      .hasCauseInstanceOf(UnstorableException.class));
      assertThat(store.health().reachable()).isTrue();
    }
  }

  private static Publication withNul(Publication sound) {
    return new Publication(
        sound.key(), sound.position(), "id", "a\0b", "c", sound.data(), sound.timestampMs());
  }

  private StoreConfig freshConfig() {
    return Backend.at(postgres.freshDatabase(), TIMEOUT);
  }

  private static SqlStore open(StoreConfig config) {
    return SqlStore.open(config, Clock.systemUTC());
  }
}
