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

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.Page;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
class NewEpochsIT {
  private static final Duration FOREVER = Duration.ofDays(10_000);

  @Parameter Backend backend = Backend.SQLITE;
  private StoreConfig config;
  private SqlStore store;

  @BeforeEach
  void open(@TempDir Path directory) {
    config = backend.fresh(directory, Backend.PATIENT);
    store = SqlStore.open(config, Clock.systemUTC());
    await(store.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void offsetsBeginAnewInAnEpochThatNobodyHasSeen() {
    ChannelKey first = withTwoMessages();
    ChannelKey second = withTwoMessages();

    assertThat(await(store.beginNewEpochs())).isEqualTo(2);

    OpenedStream opened = opened(first);
    assertThat(opened.head().offset()).isZero();
    assertThat(opened.head().epoch()).isNotEqualTo(EPOCH);
    assertThat(opened.newest()).isEmpty();
    assertThat(opened(second).head().offset()).isZero();
    assertThat(isDone(store.streams().append(publication(first, 3), null))).isFalse();
    await(store.streams().append(inEpochOf(opened, first, 1), null));
    assertThat(opened(first).newest()).extracting(Publication::offset).containsExactly(1L);
  }

  @Test
  void theHistoryIsKeptAndOlderThanWhatFollows() {
    ChannelKey key = withTwoMessages();
    await(store.beginNewEpochs());
    String epoch = opened(key).head().epoch();

    await(store.streams().append(inEpochOf(opened(key), key, 1), null));

    StreamPosition newest = new StreamPosition(epoch, 1);
    assertThat(history(key, 1).items())
        .extracting(Publication::position)
        .containsExactly(newest, new StreamPosition(EPOCH, 2));
    assertThat(history(key, 2).items())
        .extracting(Publication::position)
        .containsExactly(new StreamPosition(EPOCH, 1));
    assertThat(history(key, 1).total()).isEqualTo(3);
    assertThat(await(store.catalog().find(key)).orElseThrow().messageCount()).isEqualTo(3);
    store.trim(1, FOREVER, 10);
    assertThat(history(key, 1).items()).extracting(Publication::position).containsExactly(newest);
  }

  @Test
  void rememberedAnswersAreKept() {
    ChannelKey key = withTwoMessages();
    await(store.beginNewEpochs());

    assertThat(opened(key).answers())
        .containsExactly(answer("k", publication(key, 2), Long.MAX_VALUE));
  }

  @Test
  void aToolBesideANodeBeginsNone() {
    ChannelKey key = withTwoMessages();

    try (SqlStore tool = SqlStore.open(Backend.beside(config), Clock.systemUTC())) {
      assertThat(refusalOf(tool.beginNewEpochs())).contains("without the ownership");
    }
    assertThat(opened(key).head()).isEqualTo(new StreamPosition(EPOCH, 2));
  }

  private ChannelKey withTwoMessages() {
    ChannelKey key = key();
    await(store.streams().declare(channel(key), new StreamPosition(EPOCH, 0)));
    await(store.streams().append(publication(key, 1), null));
    await(
        store
            .streams()
            .append(publication(key, 2), answer("k", publication(key, 2), Long.MAX_VALUE)));
    return key;
  }

  private static Publication inEpochOf(OpenedStream stream, ChannelKey key, long offset) {
    return publication(key, stream.head().epoch(), offset, "1");
  }

  private OpenedStream opened(ChannelKey key) {
    return await(store.streams().open(key, 10, Long.MAX_VALUE)).orElseThrow();
  }

  private Page<Publication> history(ChannelKey key, int page) {
    return await(
            store
                .catalog()
                .history(
                    key, new HistoryFilter(null, null, null), new PageRequest(page, 2), _ -> true))
        .orElseThrow();
  }
}
