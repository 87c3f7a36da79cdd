package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.awaitReachable;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.testing.LogLines;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// PostgreSQL answers, and refuses what it is asked.
@Timeout(300)
@SuppressWarnings("NullAway.Init") // by open()
class RefusedFaultIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private Connection operator;
  private Statement statement;
  private StoreLines lines;
  private SqlStore store;
  private OneChannel channel;

  @BeforeEach
  void open() throws SQLException {
    TestDatabase database = TestPostgres.freshDatabase();
    StoreConfig config = Backend.at(database, TIMEOUT);
    operator = DriverManager.getConnection(database.url(), database.user(), database.password());
    statement = operator.createStatement();
    lines = new StoreLines(database);
    store = SqlStore.open(config, Clock.systemUTC());
    channel = OneChannel.declaredIn(store);
    await(channel.append(1));
  }

  @AfterEach
  void close() throws SQLException {
    store.close();
    lines.close();
    operator.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE messages RENAME TO gone | ALTER TABLE gone RENAME TO messages | 42P01",
        "ALTER TABLE messages RENAME data TO d | ALTER TABLE messages RENAME d TO data | 42703",
        "ALTER TABLE idempotency_keys RENAME TO k | ALTER TABLE k RENAME TO idempotency_keys |"
            + " 42P01",
        "ALTER TABLE messages ADD CONSTRAINT none CHECK (epoch <> epoch) NOT VALID |"
            + " ALTER TABLE messages DROP CONSTRAINT none | 23514"
      })
  void whatIsRefusedToEverybodyIsSaidInTheDatabasesWordsUntilItIsOver(
      String breaks, String mends, String state) throws SQLException {
    statement.execute(breaks);
    Publication publication = Samples.publication(channel.key(), 2);
    CompletionStage<Void> append =
        store.streams().append(publication, Samples.answer("k", publication, Long.MAX_VALUE));
    Told told = toldWithTheFirst(append);

    assertThat(told.reachable()).isFalse();
    assertThat(told.lines()).singleElement().asString().contains("takes no messages: ", state);
    assertThat(store.health().trouble()).contains("(SQLSTATE " + state + ")");
    assertThat(refusalOf(channel.append(2))).contains("takes no messages: ").contains(state);
    await(store.keys().createKey(Samples.apiKey(AppId.DEFAULT, KeyKind.SECRET)));
    statement.execute(mends);

    awaitReachable(store);
    assertThat(channel.openedEventually().head().offset()).isEqualTo(1);
    await(channel.append(2));
  }

  @Test
  void whatIsRefusedOneAfterTheOtherIsEachToldWithItsEnd() throws SQLException {
    List<String> tables = List.of("messages", "channels", "node_owner");
    String place = operator.getCatalog();
    try (LogLines log = new LogLines(Database.class.getName(), Level.INFO)) {
      for (String table : tables) {
        whileRenamed("TABLE " + table + " RENAME TO gone", "TABLE gone RENAME TO " + table);
      }
      whileRenamed("TABLE messages RENAME data TO gone", "TABLE messages RENAME gone TO data");
      Awaitility.await().untilAsserted(() -> assertThat(log.with(place)).hasSize(8));

      for (String table : tables) {
        assertThat(log.with(place)).anyMatch(line -> line.contains("relation \"" + table));
      }
      assertThat(log.with(place)).anyMatch(line -> line.contains("column \"data\""));
      assertThat(log.with(place)).filteredOn(line -> line.contains("is back after")).hasSize(4);
    }
  }

  private void whileRenamed(String breaks, String mends) throws SQLException {
    statement.execute("ALTER " + breaks);
    Awaitility.await().until(() -> !isDone(channel.append(2)) && !store.health().reachable());
    statement.execute("ALTER " + mends);
    awaitReachable(store);
  }

  @Test
  void whileTheTableIsLockedEverythingIsAnsweredInTime() throws SQLException {
    operator.setAutoCommit(false);
    statement.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE");
    long begun = System.nanoTime();
    List<CompletionStage<Void>> appends = channel.append(2, 5);
    Told told = toldWithTheFirst(appends.getFirst());
    assertThat(told.reachable()).isFalse();
    assertThat(told.lines()).singleElement().asString().contains("takes no messages: ", "55P03");
    assertThat(appends).noneMatch(Stages::isDone);
    // As its home does.
    assertThat(isDone(store.streams().open(channel.key(), 10, 1_000))).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT);
    assertThat(store.health().trouble()).contains("(SQLSTATE 55P03)");
    operator.rollback();
    awaitReachable(store);
    await(channel.append(2));
  }

  @Test
  void aRowThatIsLockedHoldsUpNoOtherChannel() throws SQLException {
    OneChannel other = OneChannel.declaredIn(store);
    operator.setAutoCommit(false);
    statement.execute(
        "SELECT 1 FROM channels WHERE slug = '" + channel.key().name() + "' FOR UPDATE");
    CompletionStage<Void> refused = channel.append(2);
    CompletableFuture<Told> told = told(refused);
    CompletionStage<Void> behind = channel.append(3);
    CompletionStage<Void> others = other.append(1);

    assertThat(isDone(refused)).isFalse();
    assertThat(isDone(behind)).isFalse();
    await(others);
    assertThat(told.join().lines()).singleElement().asString().contains("refuses some", "55P03");
    assertThat(store.health().trouble()).contains("(SQLSTATE 55P03)");
    assertThat(store.health().reachable()).isTrue();
    assertThat(store.failures(Fault.REFUSED)).isPositive();
    operator.rollback();
    await(channel.append(2));
  }

  /// Of states that PostgreSQL says too: of many things, or where it means the whole server.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "38001", "42501", "0A000", "XX000", "53200", "53100", "58030", "57P04", "08006", "25006",
        "25P02", "28000", "3D000"
      })
  void whatATriggerRefusesIsRefusedAlone(String state) throws SQLException {
    statement.execute(
        """
        CREATE FUNCTION no_bad() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '%s'; END $$;
        CREATE TRIGGER no_bad BEFORE INSERT ON messages FOR EACH ROW
        WHEN (NEW.event_type = 'bad') EXECUTE FUNCTION no_bad()"""
            .formatted(state));
    List<OneChannel> others = declared(12);
    List<CompletionStage<Void>> before = channel.append(2, 4);
    CompletionStage<Void> bad = store.streams().append(bad(5), null);
    CompletableFuture<Told> told = told(bad);
    List<CompletionStage<Void>> behind = channel.append(6, 8);
    List<CompletionStage<Void>> firstOfOthers = others.stream().map(one -> one.append(1)).toList();

    assertThat(before).allMatch(Stages::isDone);
    assertThat(isDone(bad)).isFalse();
    assertThat(isRolledBack(bad)).isTrue();
    assertThat(firstOfOthers).allMatch(Stages::isDone);
    // They have no place any more, and their home gives them another one.
    assertThat(behind).noneMatch(Stages::isDone).noneMatch(RefusedFaultIT::isRolledBack);
    assertThat(channel.offsets()).containsExactly(1L, 2L, 3L, 4L);
    channel.append(5, 7).forEach(Stages::await);
    assertThat(channel.offsets()).isEqualTo(OneChannel.range(1, 7));
    assertThat(told.join().reachable()).isTrue();
    assertThat(told.join().lines()).singleElement().asString().contains("refuses some", state);
    assertThat(lines.warnings()).hasSize(1);
    assertThat(store.failures(Fault.AWAY)).isZero();
  }

  private Publication bad(long offset) {
    Publication good = Samples.publication(channel.key(), offset);
    return new Publication(
        good.key(),
        good.position(),
        good.id(),
        "bad",
        good.clientId(),
        good.data(),
        good.timestampMs());
  }

  /// More in each lane than there would be time for, if its channels were waited for one after the
  /// other.
  @Test
  void manyRowsThatAreLockedHoldUpNoOtherChannel() throws SQLException {
    List<OneChannel> locked = declared(24);
    List<OneChannel> others = declared(12);
    lock(locked);
    List<CompletionStage<Void>> refused = locked.stream().map(one -> one.append(1)).toList();
    List<CompletionStage<Void>> done = others.stream().map(one -> one.append(1)).toList();

    assertThat(refused).noneMatch(Stages::isDone).allMatch(RefusedFaultIT::isRolledBack);
    assertThat(done).allMatch(Stages::isDone);
    // As their homes do.
    List<CompletionStage<?>> read = new ArrayList<>();
    locked.forEach(one -> read.add(store.streams().open(one.key(), 10, 1_000)));
    assertThat(others.stream().map(one -> one.append(2)).toList()).allMatch(Stages::isDone);
    assertThat(read).noneMatch(Stages::isDone);
    operator.rollback();
    for (OneChannel one : locked) {
      assertThat(one.openedEventually().head().offset()).isZero();
      await(one.append(1));
    }
  }

  /// What the log and readiness said at the moment of an answer.
  private record Told(List<String> lines, boolean reachable) {}

  private Told toldWithTheFirst(CompletionStage<Void> append) {
    return told(append).orTimeout(60, TimeUnit.SECONDS).join();
  }

  /// Of a moment on the store's own thread, which goes on only then.
  private CompletableFuture<Told> told(CompletionStage<Void> append) {
    return append
        .handle((_, failure) -> new Told(lines.warnings(), store.health().reachable()))
        .toCompletableFuture();
  }

  private List<OneChannel> declared(int count) {
    return Stream.generate(() -> OneChannel.declaredIn(store)).limit(count).toList();
  }

  private void lock(List<OneChannel> channels) throws SQLException {
    operator.setAutoCommit(false);
    String slugs =
        channels.stream()
            .map(one -> "'" + one.key().name() + "'")
            .collect(Collectors.joining(", "));
    statement.execute("SELECT 1 FROM channels WHERE slug IN (" + slugs + ") FOR UPDATE");
  }

  private static boolean isRolledBack(CompletionStage<Void> append) {
    Throwable failure = append.toCompletableFuture().exceptionNow();
    return StoreUnavailableException.surelyDidNothing(failure);
  }

  @Test
  void aRightThatIsMissingElsewhereIsSaidToo() throws SQLException {
    statement.execute("ALTER TABLE relay_canaries RENAME TO gone");

    assertThat(refusalOf(store.canaries().read())).contains("relay_canaries").contains("42P01");
    assertThat(store.health().trouble()).contains("(SQLSTATE 42P01)");
    assertThat(store.health().reachable()).isTrue();
    await(channel.append(2));
  }
}
