package dev.pushgate.core.engine;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.Shards;
import dev.pushgate.core.store.StoreUnavailableException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The positions of a node that stands alone: its homes know them. Thread-safe.
final class LocalPositions implements Positions {
  private final Shards shards;

  LocalPositions(Shards shards) {
    this.shards = shards;
  }

  @Override
  public CompletionStage<Optional<StreamPosition>> newest(ChannelKey key) {
    CompletableFuture<Optional<StreamPosition>> answer = new CompletableFuture<>();
    shards.askPosition(key, outcome -> give(outcome, answer));
    return answer;
  }

  private static void give(
      Outcome<Optional<StreamPosition>> outcome,
      CompletableFuture<Optional<StreamPosition>> answer) {
    switch (outcome) {
      case Outcome.Done<Optional<StreamPosition>>(Optional<StreamPosition> position) ->
          answer.complete(position);
      case Outcome.Refused<?> refused -> answer.completeExceptionally(failure(refused));
    }
  }

  private static RuntimeException failure(Outcome.Refused<?> refused) {
    return refused.refusal() == Refusal.STORE_UNAVAILABLE
        ? StoreUnavailableException.notBegun(refused.sentence())
        : new IllegalStateException(refused.sentence());
  }
}
