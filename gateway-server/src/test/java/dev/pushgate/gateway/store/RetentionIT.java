package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.answer;
import static dev.pushgate.gateway.store.Samples.channel;
import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
@SuppressWarnings("NullAway.Init") // by open()
class RetentionIT {
  private static final int BATCH = 10;
  private static final Duration FOREVER = Duration.ofDays(10_000);

  private final SettableClock clock = new SettableClock();
  @Parameter Backend backend = Backend.SQLITE;
  private StoreConfig config;
  private SqlStore store;

  @BeforeEach
  void open(@TempDir Path directory) {
    config = backend.fresh(directory, Backend.PATIENT);
    store = SqlStore.open(config, clock, clock::nanoTime);
    await(store.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aChannelKeepsItsNewestMessagesAndItsCountStaysTrue() {
    List<ChannelKey> keys = IntStream.range(0, 3).mapToObj(i -> declared()).toList();
    keys.forEach(key -> append(key, 1, 57));

    assertThat(store.trim(20, FOREVER, BATCH)).isEqualTo(3 * 37);

    for (ChannelKey key : keys) {
      assertThat(offsets(key)).containsExactlyElementsOf(range(38, 57));
      assertThat(count(key)).isEqualTo(20);
      assertThat(archived(key)).isEqualTo(20);
    }
    assertThat(store.trim(20, FOREVER, BATCH)).isZero();
  }

  @Test
  void messagesPastTheirAgeAreRemovedAndThePositionGoesOn() {
    ChannelKey key = declared();
    append(key, 1, 25);
    clock.advance(Duration.ofHours(2));
    append(key, 26, 30);

    assertThat(store.trim(1_000, Duration.ofHours(1), BATCH)).isEqualTo(25);
    assertThat(offsets(key)).containsExactlyElementsOf(range(26, 30));

    clock.advance(Duration.ofHours(2));
    assertThat(store.trim(1_000, Duration.ofHours(1), BATCH)).isEqualTo(5);
    OpenedStream emptied = opened(key);
    assertThat(emptied.newest()).isEmpty();
    assertThat(emptied.head()).isEqualTo(new StreamPosition(EPOCH, 30));
    append(key, 31, 31);
    assertThat(offsets(key)).containsExactly(31L);
    assertThat(count(key)).isEqualTo(1);
  }

  @Test
  void aClockThatJumpsAheadRemovesNothingUntilThatHasLasted() {
    ChannelKey key = declared();
    append(key, 1, 25);
    clock.jump(Duration.ofDays(4));

    assertThat(store.trim(1_000, Duration.ofDays(3), BATCH)).isZero();
    clock.advance(SteadyClock.BELIEVED_AFTER.minusSeconds(1));
    assertThat(store.trim(1_000, Duration.ofDays(3), BATCH)).isZero();
    assertThat(offsets(key)).containsExactlyElementsOf(range(1, 25));

    clock.advance(Duration.ofSeconds(1));
    assertThat(store.trim(1_000, Duration.ofDays(3), BATCH)).isEqualTo(25);
  }

  @Test
  void aJumpThatIsTakenBackLeavesNothingBehind() {
    ChannelKey key = declared();
    Publication publication = at(key, 1);
    await(store.streams().append(publication, answer("k", publication, clock.millis() + 300_000)));
    clock.jump(Duration.ofDays(4));
    store.trim(1_000, Duration.ofDays(3), BATCH);
    assertThat(opened(key).answers()).hasSize(1);
    clock.jump(Duration.ofDays(-4));

    assertThat(opened(key).answers()).hasSize(1);
    clock.advance(Duration.ofMinutes(6));
    store.trim(1_000, Duration.ofDays(3), BATCH);
    clock.advance(Duration.ofMinutes(-6));
    assertThat(opened(key).answers()).isEmpty();
    assertThat(offsets(key)).containsExactly(1L);
  }

  @Test
  void aNodeWhoseClockIsAheadOfTheDatabasesGoesByThat() throws SQLException {
    store.close();
    SettableClock ahead = new SettableClock();
    ahead.advance(Duration.ofDays(36_500));
    store = SqlStore.open(config, ahead, ahead::nanoTime);
    ChannelKey key = declared();
    await(store.streams().append(now(key, 1), null));

    assertThat(store.trim(1_000, Duration.ofDays(3), BATCH)).isZero();
    assertThat(count(key)).isEqualTo(1);
  }

  private static Publication now(ChannelKey key, long offset) {
    Publication sample = publication(key, offset);
    return new Publication(
        key,
        sample.position(),
        sample.id(),
        sample.eventType(),
        sample.clientId(),
        sample.data(),
        System.currentTimeMillis());
  }

  @Test
  void expiredAnswersAreRemovedAndOthersStay() {
    ChannelKey key = declared();
    for (long offset = 1; offset <= 25; offset++) {
      Publication publication = at(key, offset);
      await(
          store
              .streams()
              .append(
                  publication,
                  answer(
                      "k" + offset, publication, clock.millis() + (offset <= 24 ? 1_000 : 9_000))));
    }
    clock.advance(Duration.ofSeconds(2));

    store.trim(1_000, FOREVER, BATCH);
    clock.advance(Duration.ofSeconds(-2));

    // With the clock back where none had expired, only what was not removed is seen.
    assertThat(opened(key).answers()).hasSize(1);
  }

  @Test
  void whatADeletedChannelLeftIsRemovedBitByBitAndItsSuccessorKeepsItsOwn() throws SQLException {
    ChannelKey key = declared();
    append(key, 1, 24);
    Publication last = at(key, 25);
    await(store.streams().append(last, answer("k", last, Long.MAX_VALUE)));

    await(store.streams().delete(key));
    await(store.streams().declare(channel(key), new StreamPosition("e2", 25)));
    assertThat(count("messages")).isEqualTo(25);
    assertThat(archived(key)).isZero();
    assertThat(opened(key).answers()).isEmpty();
    await(store.streams().append(publication(key, "e2", 26, "1"), null));

    assertThat(store.trim(1_000, FOREVER, BATCH)).isEqualTo(25);

    assertThat(offsets(key)).containsExactly(26L);
    assertThat(count("messages")).isEqualTo(1);
    assertThat(count("idempotency_keys")).isZero();
    assertThat(count("deleted_channels")).isZero();
  }

  @Test
  void aChannelThatCannotBeTrimmedKeepsNoOtherFromIt() throws SQLException {
    List<ChannelKey> keys = IntStream.range(0, 3).mapToObj(i -> declared()).toList();
    keys.forEach(key -> append(key, 1, 25));
    forbidTrimming(keys.get(1));

    assertThat(store.trim(5, FOREVER, BATCH)).isEqualTo(2 * 20);

    assertThat(count(keys.get(0))).isEqualTo(5);
    assertThat(count(keys.get(1))).isEqualTo(25);
    assertThat(count(keys.get(2))).isEqualTo(5);
    assertThat(store.trimFailures()).isEqualTo(1);
  }

  private void forbidTrimming(ChannelKey key) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      String forbid =
          switch (backend) {
            case SQLITE ->
                "CREATE TRIGGER stuck BEFORE UPDATE ON channels WHEN OLD.slug = '%s'"
                    + " BEGIN SELECT RAISE(ABORT, 'stuck'); END";
            case POSTGRES -> "ALTER TABLE channels ADD CHECK (slug <> '%s' OR message_count >= 25)";
          };
      statement.execute(String.format(Locale.ROOT, forbid, key.name()));
    }
  }

  private long count(String table) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private Connection connect() throws SQLException {
    Secret password = config.password();
    return DriverManager.getConnection(
        config.url(), config.user(), password == null ? null : password.reveal());
  }

  @Test
  void appendsGoOnWhileItTrims() {
    ChannelKey key = declared();
    append(key, 1, 200);

    CompletableFuture<Long> trimmed =
        CompletableFuture.supplyAsync(() -> store.trim(10, FOREVER, 1));
    append(key, 201, 300);
    long removed = trimmed.join() + store.trim(10, FOREVER, BATCH);

    assertThat(removed).isEqualTo(290);
    assertThat(offsets(key)).containsExactlyElementsOf(range(291, 300));
    assertThat(count(key)).isEqualTo(10);
  }

  private ChannelKey declared() {
    ChannelKey key = key();
    await(store.streams().declare(channel(key), new StreamPosition(EPOCH, 0)));
    return key;
  }

  private void append(ChannelKey key, long from, long to) {
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (long offset = from; offset <= to; offset++) {
      stages.add(store.streams().append(at(key, offset), null));
    }
    stages.forEach(Stages::await);
  }

  private Publication at(ChannelKey key, long offset) {
    return new Publication(
        key,
        new StreamPosition(EPOCH, offset),
        "m" + offset,
        "e",
        "c",
        "1".getBytes(StandardCharsets.UTF_8),
        clock.millis());
  }

  private OpenedStream opened(ChannelKey key) {
    return await(store.streams().open(key, 1_000, Long.MAX_VALUE)).orElseThrow();
  }

  private List<Long> offsets(ChannelKey key) {
    return opened(key).newest().stream().map(Publication::offset).toList();
  }

  private long count(ChannelKey key) {
    return await(store.catalog().find(key)).orElseThrow().messageCount();
  }

  private long archived(ChannelKey key) {
    return await(
            store
                .catalog()
                .history(
                    key, new HistoryFilter(null, null, null), new PageRequest(1, 1), _ -> true))
        .orElseThrow()
        .total();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }
}
