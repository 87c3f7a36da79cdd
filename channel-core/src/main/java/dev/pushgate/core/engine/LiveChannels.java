package dev.pushgate.core.engine;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.Shards;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/// Channels that are declared, changed and deleted while they have members: through their homes, so
/// that a change has its place in the stream. Thread-safe.
final class LiveChannels implements Channels {
  private final ChannelDirectory directory;
  private final ChannelCatalog catalog;
  private final Shards shards;
  private final SettingsSync sync;

  LiveChannels(ChannelDirectory directory, ChannelCatalog catalog, Shards shards) {
    this.directory = directory;
    this.catalog = catalog;
    this.shards = shards;
    this.sync = SettingsSync.ofNodeAlone(directory, catalog, shards);
  }

  @Override
  public Optional<DeclaredChannel> declared(ChannelKey key) {
    return directory.find(key);
  }

  @Override
  public boolean isPrivate(ChannelKey key) {
    return directory.isPrivate(key);
  }

  @Override
  public CompletionStage<Outcome<Listed>> declare(DeclaredChannel channel) {
    if (!directory.hasRoomFor(channel.key())) {
      return CompletableFuture.completedStage(NO_ROOM.as());
    }
    CompletableFuture<Outcome<Listed>> answer = new CompletableFuture<>();
    shards.declare(
        channel, outcome -> answer.complete(outcome.map(declared -> new Listed(declared, 0))));
    return answer;
  }

  @Override
  public CompletionStage<Outcome<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    return catalog
        .update(key, found -> change.apply(found).after(found))
        .handle((found, failure) -> failure == null ? updated(found) : failed(key, failure));
  }

  private Outcome<Listed> updated(Optional<Listed> found) {
    if (found.isEmpty()) {
      return new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);
    }
    sync.took(found.get().channel());
    return Outcome.done(found.get());
  }

  private Outcome<Listed> failed(ChannelKey key, Throwable failure) {
    sync.failed(key, failure);
    return new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE);
  }

  @Override
  public CompletionStage<Outcome<ChannelKey>> delete(ChannelKey key) {
    if (directory.mustStay(key)) {
      return CompletableFuture.completedStage(TOO_MANY_DELETED.as());
    }
    CompletableFuture<Outcome<ChannelKey>> answer = new CompletableFuture<>();
    shards.delete(key, answer::complete);
    return answer;
  }
}
