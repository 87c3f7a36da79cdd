package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.answer;
import static dev.pushgate.gateway.store.Samples.channel;
import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.StreamStore;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
class StreamStoreContractIT {
  private static final long ALL_BYTES = Long.MAX_VALUE;

  private final SettableClock clock = new SettableClock();
  /// Only tells JUnit to look for no constructor: it is set too late for [#open], which is given
  /// the backend.
  @Parameter Backend parameter = Backend.SQLITE;

  private SqlStore store;
  private StreamStore streams;

  @BeforeParameterizedClassInvocation
  void open(Backend backend, @TempDir Path directory) {
    store = SqlStore.open(backend.fresh(directory, Backend.PATIENT), clock);
    streams = store.streams();
    await(store.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
    await(store.keys().createApp(Samples.app(new AppId("other")), List.of()));
  }

  @AfterParameterizedClassInvocation
  void close() {
    store.close();
  }

  @Test
  void aStreamThatNobodyDeclaredIsEmpty() {
    assertThat(await(streams.open(key(), 10, ALL_BYTES))).isEmpty();
  }

  @Test
  void aDeclaredStreamGoesOnFromItsStart() {
    ChannelKey key = key();

    assertThat(await(streams.declare(channel(key), new StreamPosition("mine", 41)))).isTrue();

    OpenedStream opened = open(key, 10);
    assertThat(opened.head()).isEqualTo(new StreamPosition("mine", 41));
    assertThat(opened.newest()).isEmpty();
    assertThat(isDone(streams.append(publication(key, "mine", 42, "1"), null))).isTrue();
    assertThat(offsets(open(key, 10))).containsExactly(42L);
  }

  @Test
  void aChannelIsDeclaredOnce() {
    ChannelKey key = declared();

    assertThat(await(streams.declare(channel(key), new StreamPosition("e2", 9)))).isFalse();
    assertThat(open(key, 1).head()).isEqualTo(new StreamPosition(EPOCH, 0));
  }

  @Test
  void anAppendIsReadBackToTheByte() {
    ChannelKey key = declared();
    String json = "{\"text\":\"\\u0000 \\ud800 \u00e9 \ud83d\ude00\",\"n\":1e400}";

    await(streams.append(publication(key, EPOCH, 1, json), null));

    Publication read = open(key, 1).newest().getFirst();
    assertThat(new String(read.data(), StandardCharsets.UTF_8)).isEqualTo(json);
    assertThat(read).usingRecursiveComparison().isEqualTo(publication(key, EPOCH, 1, json));
  }

  @Test
  void appendsCalledOneBehindTheOtherAllTakeEffectInTheirOrder() {
    List<ChannelKey> keys = IntStream.range(0, 5).mapToObj(i -> declared()).toList();
    List<CompletionStage<Void>> stages = new ArrayList<>();

    for (long offset = 1; offset <= 300; offset++) {
      for (ChannelKey key : keys) {
        stages.add(streams.append(publication(key, offset), null));
      }
    }
    stages.forEach(Stages::await);

    for (ChannelKey key : keys) {
      OpenedStream opened = open(key, 1_000);
      assertThat(opened.head().offset()).isEqualTo(300);
      assertThat(offsets(opened))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 300).boxed().toList());
      assertThat(await(store.catalog().find(key)).orElseThrow().messageCount()).isEqualTo(300);
    }
  }

  @Test
  void openBringsAlongNoMoreThanItsLimits() {
    ChannelKey key = declared();
    appendAll(key, 1, 10);

    assertThat(offsets(open(key, 3))).containsExactly(8L, 9L, 10L);
    int weight = publication(key, 10).weight();
    assertThat(offsets(await(streams.open(key, 10, 2L * weight)).orElseThrow()))
        .containsExactly(9L, 10L);
    assertThat(offsets(open(key, 0))).isEmpty();
  }

  @Test
  void openSeesWhatWasAppendedBeforeItWithoutWaiting() {
    ChannelKey key = declared();

    CompletionStage<Void> append = streams.append(publication(key, 1), null);
    OpenedStream opened = open(key, 10);

    assertThat(offsets(opened)).containsExactly(1L);
    assertThat(append.toCompletableFuture()).isCompleted();
  }

  @Test
  void anOffsetIsNeitherGivenTwiceNorLeftOut() {
    ChannelKey key = declared();
    appendAll(key, 1, 2);

    assertThat(refusalOf(streams.append(publication(key, 2), null))).contains("does not follow");
    assertThat(refusalOf(streams.append(publication(key, 4), null))).contains("does not follow");
    assertThat(refusalOf(streams.append(publication(key, "e2", 3, "1"), null)))
        .contains("does not follow");

    OpenedStream opened = open(key, 10);
    assertThat(offsets(opened)).containsExactly(1L, 2L);
    assertThat(await(store.catalog().find(key)).orElseThrow().messageCount()).isEqualTo(2);
  }

  @Test
  void anAppendThatDoesNotFitFailsWhatFollowsItInItsChannelAndNothingElse() {
    ChannelKey broken = declared();
    ChannelKey sound = declared();
    List<CompletionStage<Void>> ofBroken = new ArrayList<>();
    List<CompletionStage<Void>> ofSound = new ArrayList<>();

    for (long offset = 1; offset <= 50; offset++) {
      long skipping = offset <= 20 ? offset : offset + 1;
      ofBroken.add(streams.append(publication(broken, skipping), null));
      ofSound.add(streams.append(publication(sound, offset), null));
    }

    assertThat(ofSound).allMatch(Stages::isDone);
    assertThat(ofBroken.subList(0, 20)).allMatch(Stages::isDone);
    assertThat(ofBroken.subList(20, 50)).noneMatch(Stages::isDone);
    assertThat(open(broken, 1).head().offset()).isEqualTo(20);
    assertThat(open(sound, 1).head().offset()).isEqualTo(50);
  }

  @Test
  void anAppendThatTheDatabaseCannotTakeFailsItsChannelAlone() {
    ChannelKey bad = declared();
    ChannelKey sound = declared();
    Publication twin = publication(bad, 1);
    // Validation lets no NUL pass: PostgreSQL refuses it, SQLite takes it.
    Publication withNul =
        new Publication(bad, twin.position(), "id", "a\0b", "c", twin.data(), twin.timestampMs());

    CompletionStage<Void> first = streams.append(publication(sound, 1), null);
    CompletionStage<Void> second = streams.append(withNul, null);
    CompletionStage<Void> third = streams.append(publication(sound, 2), null);

    assertThat(isDone(first)).isTrue();
    assertThat(isDone(third)).isTrue();
    Throwable refusal = catchThrowable(() -> await(second));
    if (refusal != null) {
      assertThat(refusal).hasCauseInstanceOf(UnstorableException.class);
    }
    assertThat(open(bad, 1).head().offset()).isEqualTo(refusal == null ? 1 : 0);
    assertThat(store.health().reachable()).isTrue();
  }

  @Test
  void appendingToAnUndeclaredChannelIsRefused() {
    assertThat(isDone(streams.append(publication(key(), 1), null))).isFalse();
  }

  @Test
  void aDeletedChannelLeavesNothingBehind() {
    ChannelKey key = declared();
    await(streams.append(publication(key, 1), answer("k", publication(key, 1), Long.MAX_VALUE)));

    assertThat(await(streams.delete(key))).isTrue();
    assertThat(await(streams.delete(key))).isFalse();
    assertThat(await(streams.open(key, 10, ALL_BYTES))).isEmpty();
    assertThat(isDone(streams.append(publication(key, 2), null))).isFalse();

    await(streams.declare(channel(key), new StreamPosition("e2", 0)));
    OpenedStream opened = open(key, 10);
    assertThat(opened.newest()).isEmpty();
    assertThat(opened.answers()).isEmpty();
    assertThat(
            await(
                    store
                        .catalog()
                        .history(
                            key,
                            new HistoryFilter(null, null, null),
                            new PageRequest(1, 10),
                            _ -> true))
                .orElseThrow()
                .total())
        .isZero();
  }

  @Test
  void channelsOfOneNameInTwoAppsNeverMeet() {
    ChannelKey mine = declared();
    ChannelKey theirs = new ChannelKey(new AppId("other"), mine.name());
    await(streams.declare(channel(theirs), new StreamPosition(EPOCH, 0)));

    appendAll(mine, 1, 3);

    assertThat(open(theirs, 10).head().offset()).isZero();
    assertThat(open(mine, 10).head().offset()).isEqualTo(3);
  }

  private ChannelKey declared() {
    ChannelKey key = key();
    await(streams.declare(channel(key), new StreamPosition(EPOCH, 0)));
    return key;
  }

  private void appendAll(ChannelKey key, long from, long to) {
    LongStream.rangeClosed(from, to)
        .mapToObj(offset -> streams.append(publication(key, offset), null))
        .toList()
        .forEach(Stages::await);
  }

  private OpenedStream open(ChannelKey key, int maxMessages) {
    return await(streams.open(key, maxMessages, ALL_BYTES)).orElseThrow();
  }

  private static List<Long> offsets(OpenedStream opened) {
    return opened.newest().stream().map(Publication::offset).toList();
  }
}
