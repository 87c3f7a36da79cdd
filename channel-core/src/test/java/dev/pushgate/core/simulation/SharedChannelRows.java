package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.StreamStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The rows of declared channels as several nodes share them; answers can be lost.
final class SharedChannelRows extends NoCatalog implements StreamStore {
  enum Mood {
    ANSWERS,
    LOSES_ANSWERS,
    /// Nothing happens, and nobody knows.
    LOSES_QUESTIONS,
    IS_AWAY
  }

  final Map<ChannelKey, DeclaredChannel> rows = new HashMap<>();
  final Map<ChannelKey, Duration> privateNames = new HashMap<>();
  Mood mood = Mood.ANSWERS;

  private <T extends @Nullable Object> CompletionStage<T> answer(Supplier<T> work) {
    if (mood == Mood.IS_AWAY) {
      return CompletableFuture.failedStage(StoreUnavailableException.notBegun("away"));
    }
    if (mood == Mood.LOSES_QUESTIONS) {
      return CompletableFuture.failedStage(new StoreUnavailableException("the question was lost"));
    }
    T value = work.get();
    return mood == Mood.LOSES_ANSWERS
        ? CompletableFuture.failedStage(new StoreUnavailableException("the answer was lost"))
        : CompletableFuture.completedStage(value);
  }

  @Override
  public CompletionStage<Void> forEach(Consumer<DeclaredChannel> action) {
    return answer(() -> List.copyOf(rows.values()))
        .thenAccept(all -> all.forEach(channel -> action.accept(channel.withoutTexts())));
  }

  @Override
  public CompletionStage<Optional<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    return answer(
        () ->
            Optional.ofNullable(rows.computeIfPresent(key, (_, was) -> change.apply(was)))
                .map(channel -> new Listed(channel, 0)));
  }

  @Override
  public CompletionStage<Boolean> declare(DeclaredChannel channel, StreamPosition start) {
    return answer(
        () -> {
          boolean created = rows.putIfAbsent(channel.key(), channel) == null;
          if (created) {
            privateNames.remove(channel.key());
          }
          return created;
        });
  }

  @Override
  public CompletionStage<Boolean> delete(ChannelKey key) {
    return answer(
        () -> {
          DeclaredChannel row = rows.remove(key);
          if (row != null && row.isPrivate()) {
            privateNames.put(key, Duration.ZERO);
          }
          return row != null;
        });
  }

  @Override
  public CompletionStage<Map<ChannelKey, Duration>> privateNames(Duration kept) {
    return answer(() -> Map.copyOf(privateNames));
  }

  @Override
  public CompletionStage<Optional<Duration>> privateName(ChannelKey key) {
    return answer(() -> Optional.ofNullable(privateNames.get(key)));
  }

  @Override
  public CompletionStage<Optional<OpenedStream>> open(
      ChannelKey key, int maxMessages, long maxBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Boolean> beginEpoch(ChannelKey key, StreamPosition found, String epoch) {
    throw new UnsupportedOperationException();
  }
}
