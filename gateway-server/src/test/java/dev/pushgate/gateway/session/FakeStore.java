package dev.pushgate.gateway.session;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StreamStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Declared channels without a database; it can be held, so that joins wait for it. Thread-safe.
final class FakeStore implements StreamStore, ChannelCatalog {
  private final Map<ChannelKey, DeclaredChannel> channels = new ConcurrentHashMap<>();
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  /// A channel that was declared before the start.
  void add(DeclaredChannel channel) {
    channels.put(channel.key(), channel);
  }

  /// From now on streams do not open before [#release].
  void hold() {
    gate = new CompletableFuture<>();
  }

  void release() {
    gate.complete(null);
  }

  @Override
  public CompletionStage<Optional<OpenedStream>> open(ChannelKey key, int maxCount, long maxBytes) {
    return gate.thenApply(
        open ->
            Optional.ofNullable(channels.get(key))
                .map(
                    channel ->
                        new OpenedStream(
                            channel, new StreamPosition("e", 0), List.of(), List.of(), 0)));
  }

  @Override
  public CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Boolean> declare(DeclaredChannel channel, StreamPosition start) {
    return CompletableFuture.completedStage(channels.putIfAbsent(channel.key(), channel) == null);
  }

  @Override
  public CompletionStage<Boolean> beginEpoch(ChannelKey key, StreamPosition found, String epoch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Boolean> delete(ChannelKey key) {
    return CompletableFuture.completedStage(channels.remove(key) != null);
  }

  @Override
  public CompletionStage<Void> forEach(Consumer<DeclaredChannel> action) {
    channels.values().forEach(action);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Optional<Listed>> find(ChannelKey key) {
    return CompletableFuture.completedStage(listed(channels.get(key)));
  }

  @Override
  public CompletionStage<Page<Listed>> list(AppId app, boolean privateToo, PageRequest page) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Map<ChannelKey, Duration>> privateNames(Duration kept) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Duration>> privateName(ChannelKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> forgetPrivateNames(Duration kept) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Optional<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    return CompletableFuture.completedStage(
        listed(channels.computeIfPresent(key, (same, channel) -> change.apply(channel))));
  }

  @Override
  public CompletionStage<Optional<Page<Publication>>> history(
      ChannelKey key, HistoryFilter filter, PageRequest page, LongPredicate room) {
    throw new UnsupportedOperationException();
  }

  private static Optional<Listed> listed(@Nullable DeclaredChannel channel) {
    return Optional.ofNullable(channel).map(found -> new Listed(found, 0));
  }
}
