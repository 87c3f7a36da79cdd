package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.gateway.store.CanaryBoard.Sighting;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class RelayedArchiveContractIT {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aPublicationIsThereOnceHoweverOftenItIsAdded(Backend backend) {
    try (SqlStore store = open(backend)) {
      ChannelKey key = OneChannel.declaredIn(store).key();
      CompletionStage<Boolean> first = store.relayedArchive().add(at(key, "r1", 7, "m7"));
      CompletionStage<Boolean> second = store.relayedArchive().add(at(key, "r1", 7, "m7"));

      assertThat(await(first)).isTrue();
      assertThat(await(second)).isTrue();
      assertThat(await(store.relayedArchive().add(at(key, "r1", 7, "m7")))).isTrue();
      assertThat(ids(store, key)).containsExactly("m7");
      assertThat(count(store, key)).isEqualTo(1);
      assertThat(store.relayedArchive().isAway()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void anotherMessageAtATakenPlaceIsAnErrorAndOnlyIts(Backend backend) {
    try (SqlStore store = open(backend)) {
      ChannelKey key = OneChannel.declaredIn(store).key();
      CompletionStage<Boolean> before = store.relayedArchive().add(at(key, "r1", 1, "m1"));
      CompletionStage<Boolean> taken = store.relayedArchive().add(at(key, "r1", 1, "other"));
      CompletionStage<Boolean> behind = store.relayedArchive().add(at(key, "r1", 2, "m2"));

      assertThat(await(before)).isTrue();
      assertThat(await(behind)).isTrue();
      assertThatThrownBy(() -> await(taken)).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> await(store.relayedArchive().add(at(key, "r1", 2, "third"))))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(ids(store, key)).containsExactly("m2", "m1");
      assertThat(count(store, key)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void whatIsNotDeclaredHasNoArchive(Backend backend) {
    try (SqlStore store = open(backend)) {
      ChannelKey key = OneChannel.declaredIn(store).key();

      assertThat(await(store.relayedArchive().add(at(key(), "r1", 1, "m1")))).isFalse();
      assertThat(await(store.relayedArchive().add(at(key, "r1", 1, "m1")))).isTrue();
      await(store.streams().delete(key));
      assertThat(await(store.relayedArchive().add(at(key, "r1", 2, "m2")))).isFalse();
      await(store.streams().declare(Samples.channel(key), new StreamPosition("x", 0)));
      assertThat(ids(store, key)).isEmpty();
      assertThat(await(store.relayedArchive().add(at(key, "r1", 1, "again")))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void historyIsNewestFirstOverEpochsInTheOrderOfTheirFirstMessages(Backend backend) {
    try (SqlStore store = open(backend)) {
      ChannelKey key = OneChannel.declaredIn(store).key();
      await(store.streams().append(publication(key, 1), null));
      for (Publication one :
          List.of(
              at(key, "z", 8, "z8"),
              at(key, "a", 2, "a2"),
              at(key, "z", 9, "z9"),
              at(key, "a", 1, "a1"))) {
        assertThat(await(store.relayedArchive().add(one))).isTrue();
      }

      assertThat(ids(store, key)).containsExactly("a2", "a1", "z9", "z8", publication(key, 1).id());
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aNodeThatStandsAloneAgainBeginsAnEpochOfItsOwn(Backend backend) {
    try (SqlStore store = open(backend)) {
      ChannelKey key = OneChannel.declaredIn(store).key();
      await(store.streams().append(publication(key, 1), null));
      await(store.relayedArchive().add(at(key, "r1", 5, "m5")));
      OpenedStream alone = await(store.streams().open(key, 10, Long.MAX_VALUE)).orElseThrow();
      assertThat(alone.head().offset()).isZero();
      assertThat(alone.head().epoch()).isNotIn(Samples.EPOCH, "r1");
      assertThat(alone.newest()).isEmpty();
      await(store.streams().append(publication(key, alone.head().epoch(), 1, "{}"), null));
      await(store.relayedArchive().add(at(key, "r2", 1, "later")));

      assertThat(ids(store, key))
          .containsExactly("later", "m-" + key.name() + "-1", "m5", publication(key, 1).id());
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void theOldestAreTrimmedOverEpochs(Backend backend) {
    try (SqlStore store = open(backend)) {
      ChannelKey key = OneChannel.declaredIn(store).key();
      List<CompletionStage<Boolean>> adds = new ArrayList<>();
      for (int i = 1; i <= 30; i++) {
        adds.add(store.relayedArchive().add(at(key, "z", i, "z" + i)));
      }
      adds.forEach(Stages::await);
      await(store.relayedArchive().add(at(key, "a", 1, "a1")));

      assertThat(store.trim(3, Duration.ofDays(3650), 4)).isEqualTo(28);
      assertThat(ids(store, key)).containsExactly("a1", "z30", "z29");
      assertThat(count(store, key)).isEqualTo(3);
    }
  }

  @Test
  void severalNodesMayAddTheSameAtATimeWhileAnotherTrims() {
    StoreConfig config = Backend.shared(Backend.POSTGRES.fresh(directory, Backend.PATIENT));
    try (SqlStore one = open(config);
        SqlStore two = open(config);
        SqlStore three = open(config)) {
      List<Publication> all = new ArrayList<>();
      List<ChannelKey> keys = new ArrayList<>();
      for (int channel = 0; channel < 5; channel++) {
        ChannelKey key = OneChannel.declaredIn(one).key();
        keys.add(key);
        for (int i = 1; i <= 200; i++) {
          all.add(at(key, "r" + i / 70, i, "m" + i));
        }
      }
      List<CompletionStage<Boolean>> adds = new ArrayList<>();
      Random random = new Random(4);
      for (SqlStore node : List.of(one, two)) {
        Collections.shuffle(all, random);
        all.forEach(each -> adds.add(node.relayedArchive().add(each)));
      }
      three.trim(100, Duration.ofDays(3650), 20);

      assertThat(adds).allSatisfy(add -> assertThat(await(add)).isTrue());
      three.trim(100, Duration.ofDays(3650), 20);
      for (ChannelKey key : keys) {
        assertThat(count(one, key)).isEqualTo(ids(one, key).size()).isEqualTo(100);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void theBoardTellsWhenEachNodeLastSawItsCanary(Backend backend) {
    try (SqlStore store = open(backend)) {
      CanaryBoard board = store.canaries();
      await(board.note("a", Map.of("r1", 60_000L, "r2", 700_000L)));
      await(board.note("b", Map.of()));
      await(board.note("b", Map.of("r1", 0L)));
      await(board.note("b", Map.of("r1", 30_000L)));
      List<Sighting> rows = await(board.read());

      assertThat(rows).extracting(row -> row.node() + row.relay()).containsExactly("ar1", "br1");
      assertThat(rows.get(0).ageMs()).isBetween(59_000L, 120_000L);
      assertThat(rows.get(1).ageMs()).isBetween(29_000L, 59_000L);
    }
  }

  private SqlStore open(Backend backend) {
    return open(backend.fresh(directory, Backend.PATIENT));
  }

  private static SqlStore open(StoreConfig config) {
    return SqlStore.open(
        config, Clock.fixed(Instant.ofEpochMilli(Samples.CREATED_MS), Clock.systemUTC().getZone()));
  }

  private static Publication at(ChannelKey key, String epoch, long offset, String id) {
    return new Publication(
        key,
        new StreamPosition(epoch, offset),
        id,
        "new",
        "tester",
        "{}".getBytes(StandardCharsets.UTF_8),
        Samples.CREATED_MS + offset);
  }

  private static List<String> ids(SqlStore store, ChannelKey key) {
    List<String> ids = new ArrayList<>();
    List<String> page;
    int number = 1;
    do {
      page =
          await(
                  store
                      .catalog()
                      .history(
                          key,
                          new HistoryFilter(null, null, null),
                          new PageRequest(number++, 100),
                          _ -> true))
              .orElseThrow()
              .items()
              .stream()
              .map(Publication::id)
              .toList();
      ids.addAll(page);
    } while (!page.isEmpty());
    return ids;
  }

  private static long count(SqlStore store, ChannelKey key) {
    return await(store.catalog().find(key)).orElseThrow().messageCount();
  }
}
