package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.OpenedStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/// A declared channel of a store, and what tests do with one. Thread-safe.
record OneChannel(SqlStore store, ChannelKey key) {
  static final Duration SOON = Duration.ofSeconds(60);

  /// A new channel, in an app that is made when it is not there.
  static OneChannel declaredIn(SqlStore store) {
    ChannelKey key = Samples.key();
    await(store.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
    await(store.streams().declare(Samples.channel(key), new StreamPosition(Samples.EPOCH, 0)));
    return new OneChannel(store, key);
  }

  CompletionStage<Void> append(long offset) {
    return store.streams().append(publication(key, offset), null);
  }

  List<CompletionStage<Void>> append(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(this::append).toList();
  }

  OpenedStream opened() {
    return await(store.streams().open(key, 10_000, Long.MAX_VALUE)).orElseThrow();
  }

  /// A connection that broke may be found only by its first use after the server is back.
  OpenedStream openedEventually() {
    Awaitility.await().atMost(SOON).until(() -> isDone(store.streams().open(key, 0, 0)));
    return opened();
  }

  List<Long> offsets() {
    return offsets(opened());
  }

  static List<Long> offsets(OpenedStream opened) {
    return opened.newest().stream().map(Publication::offset).toList();
  }

  static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  static void awaitReachable(SqlStore store) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> store.health().reachable() && isDone(store.keys().revision()));
  }

  static void awaitAway(SqlStore store) {
    Awaitility.await().atMost(SOON).until(() -> !store.health().reachable());
  }
}
