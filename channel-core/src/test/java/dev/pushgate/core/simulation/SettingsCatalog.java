package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.StoreUnavailableException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/// The settings of channels in a map, whose changes can be lost, or their answers, or held back.
final class SettingsCatalog extends NoCatalog {
  /// What becomes of changes from now on.
  enum Mood {
    ANSWERS,
    LOSES_ANSWERS,
    IS_AWAY
  }

  final Map<ChannelKey, DeclaredChannel> rows = new HashMap<>();
  Mood mood = Mood.ANSWERS;
  int asked;

  /// Completes before the next answer is given.
  CompletableFuture<Void> answersAfter = CompletableFuture.completedFuture(null);

  @Override
  public CompletionStage<Optional<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    asked++;
    if (mood == Mood.IS_AWAY) {
      return CompletableFuture.failedStage(StoreUnavailableException.notBegun("away"));
    }
    Optional<Listed> now =
        Optional.ofNullable(rows.computeIfPresent(key, (_, was) -> change.apply(was)))
            .map(channel -> new Listed(channel, 0));
    return mood == Mood.LOSES_ANSWERS
        ? CompletableFuture.failedStage(new StoreUnavailableException("the answer was lost"))
        : answersAfter.thenApply(_ -> now);
  }
}
