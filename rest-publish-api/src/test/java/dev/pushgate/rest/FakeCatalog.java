package dev.pushgate.rest;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.PageTooLargeException;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a store would tell of the channels of [FakeChannels]. It pages, and leaves filters to be
/// looked at.
final class FakeCatalog implements ChannelCatalog {
  private final FakeChannels channels;
  final Map<ChannelKey, List<Publication>> archives = new HashMap<>();
  @Nullable HistoryFilter lastFilter;

  FakeCatalog(FakeChannels channels) {
    this.channels = channels;
  }

  @Override
  public CompletionStage<Void> forEach(Consumer<DeclaredChannel> action) {
    channels.declared.values().forEach(action);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Optional<Listed>> find(ChannelKey key) {
    return answer(() -> channels.declared(key).map(this::listed));
  }

  @Override
  public CompletionStage<Page<Listed>> list(AppId app, boolean privateToo, PageRequest page) {
    return answer(
        () -> {
          List<DeclaredChannel> all = new ArrayList<>(channels.declared.values());
          all.removeIf(
              channel -> !channel.key().app().equals(app) || (channel.isPrivate() && !privateToo));
          List<DeclaredChannel> newestFirst = all.reversed();
          return new Page<>(
              slice(newestFirst, page).stream().map(this::listed).toList(), all.size());
        });
  }

  @Override
  public CompletionStage<Map<ChannelKey, Duration>> privateNames(Duration kept) {
    throw new UnsupportedOperationException("the API asks the engine");
  }

  @Override
  public CompletionStage<Optional<Duration>> privateName(ChannelKey key) {
    throw new UnsupportedOperationException("the API asks the engine");
  }

  @Override
  public CompletionStage<Void> forgetPrivateNames(Duration kept) {
    throw new UnsupportedOperationException("the API forgets nothing");
  }

  @Override
  public CompletionStage<Optional<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    throw new UnsupportedOperationException("the API changes channels through the engine");
  }

  @Override
  public CompletionStage<Optional<Page<Publication>>> history(
      ChannelKey key, HistoryFilter filter, PageRequest page, LongPredicate room) {
    lastFilter = filter;
    List<Publication> all = archives.getOrDefault(key, List.of()).reversed();
    long bytes = slice(all, page).stream().mapToLong(message -> message.data().length).sum();
    if (!room.test(bytes)) {
      return CompletableFuture.failedStage(new PageTooLargeException(bytes));
    }
    return answer(
        () -> channels.declared(key).map(found -> new Page<>(slice(all, page), all.size())));
  }

  private static <T> List<T> slice(List<T> all, PageRequest page) {
    return all.stream().skip((page.page() - 1L) * page.pageSize()).limit(page.pageSize()).toList();
  }

  private <T> CompletionStage<T> answer(Supplier<T> work) {
    return channels.isStoreAway
        ? CompletableFuture.failedStage(new StoreUnavailableException("db1.internal is away"))
        : CompletableFuture.completedStage(work.get());
  }

  private Listed listed(DeclaredChannel channel) {
    return new Listed(channel, archives.getOrDefault(channel.key(), List.of()).size());
  }
}
