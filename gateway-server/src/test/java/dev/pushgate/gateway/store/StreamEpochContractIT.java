package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.answer;
import static dev.pushgate.gateway.store.Samples.channel;
import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.StreamStore;
import dev.pushgate.gateway.testing.SettableClock;
import java.nio.file.Path;
import java.util.List;
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
class StreamEpochContractIT {
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
  }

  @AfterParameterizedClassInvocation
  void close() {
    store.close();
  }

  @Test
  void aNewEpochBeginsAtItsStartAndTheOldOneKeepsItsMessages() {
    ChannelKey key = declared();
    appendAll(key, 1, 2);
    await(streams.append(publication(key, 3), answer("k", publication(key, 3), Long.MAX_VALUE)));

    assertThat(await(streams.beginEpoch(key, new StreamPosition(EPOCH, 3), "e2"))).isTrue();

    OpenedStream opened = open(key, 10);
    assertThat(opened.head()).isEqualTo(new StreamPosition("e2", 0));
    assertThat(opened.newest()).isEmpty();
    assertThat(opened.answers()).hasSize(1);
    assertThat(isDone(streams.append(publication(key, 4), null))).isFalse();
    Publication first =
        new Publication(key, new StreamPosition("e2", 1), "new", "e", "c", new byte[] {'1'}, 0);
    assertThat(isDone(streams.append(first, null))).isTrue();
    assertThat(offsets(open(key, 10))).containsExactly(1L);
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
                .items())
        .extracting(Publication::position)
        .containsExactly(
            new StreamPosition("e2", 1),
            new StreamPosition(EPOCH, 3),
            new StreamPosition(EPOCH, 2),
            new StreamPosition(EPOCH, 1));
  }

  @Test
  void aNewEpochBeginsOnlyWhereTheStreamWasFound() {
    ChannelKey key = declared();
    appendAll(key, 1, 3);

    assertThat(await(streams.beginEpoch(key, new StreamPosition(EPOCH, 2), "e2"))).isFalse();
    assertThat(await(streams.beginEpoch(key, new StreamPosition("e0", 3), "e2"))).isFalse();
    assertThat(await(streams.beginEpoch(key(), new StreamPosition(EPOCH, 0), "e2"))).isFalse();

    assertThat(open(key, 1).head()).isEqualTo(new StreamPosition(EPOCH, 3));
  }

  @Test
  void openBringsTheChannelsSettingsAlong() {
    ChannelKey key = key();
    DeclaredChannel channel =
        new DeclaredChannel("ch_x-" + key.name(), key, "Title", "About", true, "{\"a\":1}", 5, 6);
    await(streams.declare(channel, new StreamPosition(EPOCH, 0)));

    assertThat(open(key, 1).channel()).isEqualTo(channel);
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
