package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.CREATED_MS;
import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.channel;
import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.ChannelCatalog.Page;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.PageTooLargeException;
import dev.pushgate.gateway.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // by open(), before each run over a backend
class ChannelCatalogContractIT {
  private static final HistoryFilter ALL = new HistoryFilter(null, null, null);
  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final PageRequest FIRST = new PageRequest(1, 100);

  /// Only tells JUnit to look for no constructor: it is set too late for [#open], which is given
  /// the backend.
  @Parameter Backend parameter = Backend.SQLITE;

  private SqlStore store;
  private ChannelCatalog catalog;

  @BeforeParameterizedClassInvocation
  void open(Backend backend, @TempDir Path directory) {
    store = SqlStore.open(backend.fresh(directory, Backend.PATIENT), Clock.systemUTC());
    catalog = store.catalog();
    for (String app : List.of("default", "lists", "empty")) {
      await(store.keys().createApp(Samples.app(new AppId(app)), List.of()));
    }
  }

  @AfterParameterizedClassInvocation
  void close() {
    store.close();
  }

  @Test
  void aChannelIsFoundAsItWasDeclared() {
    ChannelKey key = key();
    DeclaredChannel channel =
        new DeclaredChannel(
            "ch_x", key, "Räume \ud83d\ude00", "what\nfor", true, "{ \"a\" :\"\\u0000\"}", 5, 6);
    await(store.streams().declare(channel, new StreamPosition(EPOCH, 3)));

    assertThat(await(catalog.find(key))).contains(new Listed(channel, 0));
    List<DeclaredChannel> all = new ArrayList<>();
    await(catalog.forEach(all::add));
    assertThat(all).contains(channel.withoutTexts());
    assertThat(await(catalog.find(key()))).isEmpty();
  }

  @Test
  void thePublicChannelsOfAnAppAreListedAlone() {
    AppId app = new AppId("listed");
    await(store.keys().createApp(Samples.app(app), List.of()));
    DeclaredChannel open = declare(key(app), CREATED_MS);
    ChannelKey hidden = key(app);
    await(store.streams().declare(secret(hidden), new StreamPosition(EPOCH, 0)));

    Page<Listed> page = await(catalog.list(app, false, FIRST));
    assertThat(page.items()).extracting(Listed::channel).containsExactly(open);
    assertThat(page.total()).isEqualTo(1);
    assertThat(await(catalog.list(app, true, FIRST)).total()).isEqualTo(2);
  }

  @Test
  void theNameOfADeletedPrivateChannelIsKeptUntilItIsDeclaredAgainOrForgotten() {
    ChannelKey open = key();
    declare(open, CREATED_MS);
    await(store.streams().delete(open));
    ChannelKey hidden = key();
    await(store.streams().declare(secret(hidden), new StreamPosition(EPOCH, 0)));
    assertThat(await(catalog.privateName(hidden))).as("while it is there").isEmpty();
    await(store.streams().delete(hidden));

    assertThat(await(catalog.privateName(hidden)).orElseThrow()).isBetween(Duration.ZERO, AN_HOUR);
    assertThat(await(catalog.privateNames(AN_HOUR))).containsKey(hidden).doesNotContainKey(open);
    assertThat(await(catalog.privateNames(Duration.ZERO))).doesNotContainKey(hidden);

    declare(hidden, CREATED_MS);
    assertThat(await(catalog.privateName(hidden))).isEmpty();
    await(store.streams().delete(hidden));
    assertThat(await(catalog.privateName(hidden))).as("public at last").isEmpty();

    await(store.streams().declare(secret(hidden), new StreamPosition(EPOCH, 0)));
    await(store.streams().delete(hidden));
    await(catalog.forgetPrivateNames(AN_HOUR));
    assertThat(await(catalog.privateName(hidden))).isPresent();
    await(catalog.forgetPrivateNames(Duration.ZERO));
    assertThat(await(catalog.privateName(hidden))).isEmpty();
  }

  @Test
  void aClockThatJumpsAheadMakesNoNamePublic(@TempDir Path directory) {
    SettableClock clock = new SettableClock();
    try (SqlStore jumping =
        SqlStore.open(parameter.fresh(directory, Backend.PATIENT), clock, System::nanoTime)) {
      await(jumping.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
      ChannelKey hidden = key();
      await(jumping.streams().declare(secret(hidden), new StreamPosition(EPOCH, 0)));
      await(jumping.streams().delete(hidden));
      clock.advance(Duration.ofDays(4));
      await(jumping.catalog().forgetPrivateNames(Duration.ofDays(1)));
      assertThat(await(jumping.catalog().privateNames(Duration.ofDays(1)))).containsKey(hidden);
    }
  }

  private static DeclaredChannel secret(ChannelKey key) {
    return new DeclaredChannel("ch_" + key.name(), key, "t", null, true, null, 5, 6);
  }

  @Test
  void anAppsChannelsAreListedNewestFirst() {
    AppId app = new AppId("lists");
    List<DeclaredChannel> declared =
        IntStream.range(0, 5).mapToObj(i -> declare(key(app), CREATED_MS + i / 2)).toList();

    Page<Listed> first = await(catalog.list(app, true, new PageRequest(1, 2)));
    Page<Listed> second = await(catalog.list(app, true, new PageRequest(2, 2)));
    Page<Listed> third = await(catalog.list(app, true, new PageRequest(3, 2)));
    Page<Listed> beyond = await(catalog.list(app, true, new PageRequest(4, 2)));

    assertThat(List.of(first.total(), second.total(), third.total(), beyond.total()))
        .containsOnly(5L);
    assertThat(first.items())
        .extracting(Listed::channel)
        .containsExactly(declared.get(4), declared.get(3));
    assertThat(second.items())
        .extracting(Listed::channel)
        .containsExactly(declared.get(2), declared.get(1));
    assertThat(third.items()).extracting(Listed::channel).containsExactly(declared.get(0));
    assertThat(beyond.items()).isEmpty();
    assertThat(await(catalog.list(new AppId("empty"), true, FIRST)).total()).isZero();
  }

  @Test
  void anUpdateChangesTheSettingsAndGivesTheChannelAsItIsNow() {
    ChannelKey key = key();
    DeclaredChannel before = declare(key, CREATED_MS);
    append(key, 1, "a", CREATED_MS);
    DeclaredChannel after =
        new DeclaredChannel(before.id(), key, "New", "d", true, "[1]", before.createdAtMs(), 99);

    Listed updated =
        await(catalog.update(key, found -> found.equals(before) ? after : found)).orElseThrow();

    assertThat(updated).isEqualTo(new Listed(after, 1));
    assertThat(await(catalog.find(key))).contains(updated);
    assertThat(await(store.streams().open(key, 1, 1_000)).orElseThrow().head().offset())
        .isEqualTo(1);
  }

  @Test
  void anUpdateOfWhatIsNotDeclaredIsEmpty() {
    assertThat(await(catalog.update(key(), found -> found))).isEmpty();
  }

  @Test
  void historyIsNewestFirstEvenWhenTheClockWasSetBack() {
    ChannelKey key = key();
    declare(key, CREATED_MS);
    append(key, 1, "a", CREATED_MS + 50);
    append(key, 2, "a", CREATED_MS + 10);
    append(key, 3, "a", CREATED_MS + 20);

    Page<Publication> page = history(key, ALL, FIRST);

    assertThat(page.items()).extracting(Publication::offset).containsExactly(3L, 2L, 1L);
    assertThat(page.total()).isEqualTo(3);
    assertThat(page.items().getFirst().position()).isEqualTo(new StreamPosition(EPOCH, 3));
  }

  @Test
  void historyComesInPages() {
    ChannelKey key = key();
    declare(key, CREATED_MS);
    for (int offset = 1; offset <= 7; offset++) {
      append(key, offset, "a", CREATED_MS + offset);
    }

    Page<Publication> third = history(key, ALL, new PageRequest(3, 3));

    assertThat(third.items()).extracting(Publication::offset).containsExactly(1L);
    assertThat(third.total()).isEqualTo(7);
    assertThat(history(key, ALL, new PageRequest(9, 3)).items()).isEmpty();
  }

  @Test
  void historyIsFilteredByTypeAndTime() {
    ChannelKey key = key();
    declare(key, CREATED_MS);
    append(key, 1, "a", 100);
    append(key, 2, "b", 200);
    append(key, 3, "a", 300);
    append(key, 4, "a", 400);

    assertThat(offsets(key, new HistoryFilter("a", null, null))).containsExactly(4L, 3L, 1L);
    assertThat(offsets(key, new HistoryFilter(null, 200L, null))).containsExactly(4L, 3L);
    assertThat(offsets(key, new HistoryFilter(null, null, 300L))).containsExactly(2L, 1L);
    assertThat(offsets(key, new HistoryFilter("a", 100L, 400L))).containsExactly(3L);
    assertThat(history(key, new HistoryFilter("a", 100L, 400L), FIRST).total()).isEqualTo(1);
  }

  @Test
  void historyOfWhatIsNotDeclaredIsEmpty() {
    assertThat(await(catalog.history(key(), ALL, FIRST, _ -> true))).isEmpty();
  }

  @Test
  void roomIsAskedForAPageBeforeItIsReadAndNothingFailsWithoutIt() {
    ChannelKey key = key();
    declare(key, CREATED_MS);
    for (int offset = 1; offset <= 5; offset++) {
      append(key, offset, "a", CREATED_MS);
    }
    List<Long> asked = new ArrayList<>();
    PageRequest third = new PageRequest(3, 2);
    assertThat(
            catalog.history(
                key,
                ALL,
                third,
                bytes -> {
                  asked.add(bytes);
                  return false;
                }))
        .asInstanceOf(InstanceOfAssertFactories.COMPLETION_STAGE)
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(PageTooLargeException.class);
    // One message, whose data is `null`.
    assertThat(asked).containsExactly(512L + 4);
    assertThat(store.health().reachable()).isTrue();
    assertThat(history(key, ALL, third).items()).hasSize(1);
  }

  private DeclaredChannel declare(ChannelKey key, long createdAtMs) {
    DeclaredChannel sample = channel(key);
    DeclaredChannel channel =
        new DeclaredChannel(sample.id(), key, "Room", null, false, null, createdAtMs, createdAtMs);
    await(store.streams().declare(channel, new StreamPosition(EPOCH, 0)));
    return channel;
  }

  private void append(ChannelKey key, long offset, String eventType, long createdAtMs) {
    Publication publication =
        new Publication(
            key,
            new StreamPosition(EPOCH, offset),
            "m" + offset,
            eventType,
            "c",
            "null".getBytes(StandardCharsets.UTF_8),
            createdAtMs);
    await(store.streams().append(publication, null));
  }

  private Page<Publication> history(ChannelKey key, HistoryFilter filter, PageRequest page) {
    return await(catalog.history(key, filter, page, _ -> true)).orElseThrow();
  }

  private List<Long> offsets(ChannelKey key, HistoryFilter filter) {
    return history(key, filter, FIRST).items().stream().map(Publication::offset).toList();
  }
}
