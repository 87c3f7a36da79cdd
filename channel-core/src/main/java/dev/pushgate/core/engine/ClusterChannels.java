package dev.pushgate.core.engine;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.Shards;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Channels of a cluster: declared, changed and deleted in the store that all nodes share, then in
/// this node's memory, and then told to the others, which read them there. Thread-safe.
public final class ClusterChannels implements Channels {
  /// So long a node that deletes a channel has to end its stream, before others look after it.
  private static final Duration LEFT_AFTER = Duration.ofSeconds(5);

  private final ChannelDirectory directory;
  private final Engine.Stores stores;
  private final Shards shards;
  private final Ports ports;
  private final RandomGenerator random;
  private final SettingsSync sync;

  /// Channels whose deletion nobody knows the outcome of: when it turns out that they are gone,
  /// their streams have yet to be ended.
  private final Set<ChannelKey> deleting = ConcurrentHashMap.newKeySet();

  /// What it needs of the cluster.
  ///
  /// @param isReachable whether the relay of a channel can be reached, as last seen
  /// @param declared notes at the relay that a channel is declared, so that nodes which have not
  ///     heard of it yet archive what is published to it; it is tried until that is done, and the
  ///     stage completes within the relay's time limit
  /// @param end ends a channel's stream at the relay, so that its members on all nodes are told and
  ///     removed; it is tried until that is done, and the stage completes within the relay's time
  ///     limit
  /// @param endLeft the same for a channel that another node deleted and may have left like that,
  ///     when it was killed: does nothing when its stream was ended since it was last declared
  public record Ports(
      Notices notices,
      Predicate<ChannelKey> isReachable,
      Function<DeclaredChannel, CompletionStage<Void>> declared,
      Function<ChannelKey, CompletionStage<Void>> end,
      Consumer<ChannelKey> endLeft) {}

  ClusterChannels(
      ChannelDirectory directory,
      Engine.Stores stores,
      Shards shards,
      Ports ports,
      RandomGenerator random) {
    this.directory = directory;
    this.stores = stores;
    this.shards = shards;
    this.ports = ports;
    this.random = random;
    this.sync = SettingsSync.ofCluster(directory, stores.catalog(), shards, new Readings());
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
    // Its position is the relay's. This one is for a node that may stand alone later.
    String epoch = OpaqueId.next(random);
    return stores
        .streams()
        .declare(channel, new StreamPosition(epoch, 0))
        .handle(
            (created, failure) ->
                failure == null
                    ? declared(channel, created)
                    : CompletableFuture.completedStage(this.<Listed>failed(channel.key(), failure)))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Outcome<Listed>> declared(DeclaredChannel channel, boolean created) {
    if (!created) {
      sync.readAgain(channel.key()); // somebody else was quicker, and memory may not know yet
      return CompletableFuture.completedStage(
          Outcome.refused(Refusal.CONFLICT, "This channel is declared already"));
    }
    sync.took(channel);
    tell(channel.key());
    return ports
        .declared()
        .apply(channel)
        .handle((noted, failure) -> Outcome.done(new Listed(channel, 0)));
  }

  @Override
  public CompletionStage<Outcome<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    return stores
        .catalog()
        .update(key, found -> change.apply(found).after(found))
        .handle((found, failure) -> failure == null ? updated(key, found) : failed(key, failure));
  }

  private Outcome<Listed> updated(ChannelKey key, Optional<Listed> found) {
    if (found.isEmpty()) {
      return notDeclared(key);
    }
    sync.took(found.get().channel());
    tell(key);
    return Outcome.done(found.get());
  }

  @Override
  public CompletionStage<Outcome<ChannelKey>> delete(ChannelKey key) {
    if (directory.mustStay(key)) {
      return CompletableFuture.completedStage(TOO_MANY_DELETED.as());
    }
    if (!ports.isReachable().test(key)) {
      return CompletableFuture.completedStage(
          new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE)); // nobody could tell its members
    }
    return stores
        .streams()
        .delete(key)
        .handle((deleted, failure) -> failure == null ? deleted(key, deleted) : doubt(key, failure))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Outcome<ChannelKey>> deleted(ChannelKey key, boolean deleted) {
    if (!deleted) {
      return CompletableFuture.completedStage(notDeclared(key));
    }
    sync.lost(key);
    tell(key);
    return ports.end().apply(key).handle((ended, failure) -> Outcome.done(key));
  }

  private CompletionStage<Outcome<ChannelKey>> doubt(ChannelKey key, Throwable failure) {
    if (!StoreUnavailableException.surelyDidNothing(failure)) {
      deleting.add(key); // before it is read again
    }
    return CompletableFuture.completedStage(failed(key, failure));
  }

  private <T> Outcome<T> notDeclared(ChannelKey key) {
    sync.readAgain(key);
    return new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);
  }

  /// Nobody knows whether it happened: all nodes read what did.
  private <T> Outcome<T> failed(ChannelKey key, Throwable failure) {
    if (!StoreUnavailableException.surelyDidNothing(failure)) {
      sync.readAgain(key);
      tell(key);
    }
    return new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE);
  }

  private final class Readings implements SettingsSync.Found {
    @Override
    public void declared(ChannelKey key) {
      deleting.remove(key); // it did not happen, or the channel was declared again
    }

    @Override
    public void gone(ChannelKey key, boolean wasDeclared) {
      if (deleting.remove(key)) {
        var unused = ports.end().apply(key);
      } else if (wasDeclared) {
        shards.loopOf(key).runLater(() -> lookAfter(key), LEFT_AFTER);
      }
    }
  }

  private void lookAfter(ChannelKey key) {
    if (directory.find(key).isEmpty()) {
      ports.endLeft().accept(key);
    } // else it is another channel by now
  }

  private void tell(ChannelKey key) {
    ports.notices().tell(new Notice.ChannelChanged(key));
  }

  /// A node has changed this channel: it is read again, until the store answers. Does not block.
  public void changed(ChannelKey key) {
    sync.readNow(key);
  }

  /// Reads all channels and has those read again that are not as memory has them: for when notices
  /// may have been missed. Fails as the store's ports do.
  public CompletionStage<Void> readAll() {
    return stores
        .catalog()
        .privateNames(directory.privateNames().kept())
        .thenAccept(directory.privateNames()::addAll)
        .thenCompose(_ -> sync.compare());
  }
}
