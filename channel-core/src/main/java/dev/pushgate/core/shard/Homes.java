package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Answer;
import dev.pushgate.core.channel.IdempotencyWindow;
import dev.pushgate.core.channel.LogBudget;
import dev.pushgate.core.channel.RelaySync;
import dev.pushgate.core.channel.StoreBacklog;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.shard.Residents.Resident;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// The homes that live on one shard, and what comes for them: made when a channel is used,
/// forgotten when it has had no members and no publications for a while ([Residents]). Confined to
/// its shard.
final class Homes {
  private final Shard shard;
  private final ShardSetup setup;
  private final LongSupplier steadyMs;
  private final LogBudget logBudget;
  private final IdempotencyWindow idempotency;
  private final StoreBacklog storeBacklog;
  private final HomeSurroundings surroundings;
  private final Presences presences;
  private final Residents residents;

  /// By shard: the channels that this shard is behind with.
  private final List<Set<ChannelKey>> behind = new ArrayList<>();

  Homes(Shard shard, Shards shards, ShardSetup setup) {
    this.shard = shard;
    this.setup = setup;
    this.steadyMs = setup.steadyMs();
    this.logBudget =
        new LogBudget(
            setup.memory().share(MemoryKind.RECENT_LOGS),
            setup.limits().log().shardBytes(),
            setup.limits().log().age().toMillis());
    this.idempotency = new IdempotencyWindow(setup.memory().share(MemoryKind.IDEMPOTENCY));
    this.storeBacklog =
        new StoreBacklog(
            setup.memory().share(MemoryKind.WAITING), setup.limits().waiting().bytes());
    this.surroundings = new HomeSurroundings(shard, shards, this, setup);
    this.residents = new Residents(surroundings, shard.channelMemory(), setup);
    this.presences = new Presences(shard, shards, setup);
  }

  LogBudget logBudget() {
    return logBudget;
  }

  IdempotencyWindow idempotency() {
    return idempotency;
  }

  StoreBacklog storeBacklog() {
    return storeBacklog;
  }

  int size() {
    return residents.size();
  }

  void handle(ShardMessage.ToHome message) {
    switch (message) {
      case ShardMessage.Publish publish -> {
        Resident resident = residents.withRoom(publish.request().key());
        if (resident == null) {
          publish.answer().give(ChannelMemory.FULL.as());
        } else {
          resident.home.publish(publish.request(), publish.answer());
          residents.settle(resident);
        }
      }
      case ShardMessage.Join(Subscription subscription) -> {
        Resident resident = residents.withRoom(subscription.key());
        if (resident == null) {
          surroundings.joinRefused(subscription, ChannelMemory.FULL);
        } else {
          resident.home.join(subscription);
          residents.settle(resident);
        }
      }
      case ShardMessage.CallOff(Subscription subscription) -> callOff(subscription);
      case ShardMessage.Leave(ChannelKey key, int shard) -> {
        Resident resident = residents.of(key);
        resident.home.leave(shard);
        residents.settle(resident);
      }
      case ShardMessage.Declare declare -> {
        Resident resident = residents.withRoom(declare.channel().key());
        if (resident == null) {
          declare.answer().give(ChannelMemory.FULL.as());
        } else {
          resident.home.declare(declare.channel(), declare.answer());
          residents.settle(resident);
        }
      }
      case ShardMessage.Delete delete -> {
        Resident resident = residents.of(delete.key()); // it makes room
        resident.home.delete(delete.answer());
        residents.settle(resident);
      }
      case ShardMessage.AskPosition(ChannelKey key, Answer<Optional<StreamPosition>> answer) ->
          askPosition(key, answer);
      case ShardMessage.Resume(ChannelKey key, Runnable task) -> {
        task.run();
        residents.goOn(residents.of(key));
      }
      case ShardMessage.Room(int shard) -> catchUp(shard);
      case ShardMessage.FromRelay fromRelay -> handle(fromRelay);
      case ShardMessage.ToPresence toPresence -> presences.handle(toPresence);
    }
  }

  private void callOff(Subscription subscription) {
    Resident resident = residents.find(subscription.key());
    if (resident != null) {
      resident.home.callOff(subscription);
      residents.settle(resident);
    }
  }

  private void handle(ShardMessage.FromRelay message) {
    Resident resident = residents.find(message.key());
    if (resident == null) {
      // Forgotten meanwhile, or an unsubscribe was lost: it is repeated until nothing comes.
      surroundings.unfollow(message.key());
      setup.observer().unheard();
      return;
    }
    RelaySync sync = resident.home.relay();
    switch (message) {
      case ShardMessage.Arrived(Arrival arrival) -> sync.arrived(arrival);
      case ShardMessage.Confirmed(ChannelKey key) -> {
        sync.confirmed();
        presences.confirmed(key); // what was lost may have been a change of its roster
      }
      case ShardMessage.Missed _ -> sync.confirmed();
      case ShardMessage.Doubtful(ChannelKey key) -> {
        sync.doubtful();
        presences.doubtful(key); // a relay that lost the stream has lost the roster
      }
      case ShardMessage.Ended _ -> sync.ended();
    }
    residents.goOn(resident);
  }

  /// Answers who asked for something that failed: nobody waits for ever.
  void refuse(ShardMessage.ToHome failed) {
    switch (failed) {
      case ShardMessage.Publish(PublishRequest request, Answer<Published> answer) ->
          residents.of(request.key()).home.settle(request, answer, serverError());
      case ShardMessage.Declare(_, Answer<DeclaredChannel> answer) -> answer.give(serverError());
      case ShardMessage.Delete(_, Answer<ChannelKey> answer) -> answer.give(serverError());
      case ShardMessage.AskPosition(_, Answer<Optional<StreamPosition>> answer) ->
          answer.give(serverError());
      case ShardMessage.Join(Subscription subscription) ->
          surroundings.joinRefused(subscription, serverError());
      case ShardMessage.Arrived arrived -> shard.post(new ShardMessage.Doubtful(arrived.key()));
      case ShardMessage.Resume(ChannelKey key, _) -> residents.of(key).home.recover();
      case ShardMessage.ToPresence toPresence -> presences.refuse(toPresence);
      case ShardMessage.CallOff _, ShardMessage.Leave _ -> {}
      case ShardMessage.Room _, ShardMessage.FromRelay _ -> {}
    }
  }

  /// Makes no home for a channel that nobody uses: asking must cost nothing that stays.
  private void askPosition(ChannelKey key, Answer<Optional<StreamPosition>> answer) {
    if (residents.find(key) != null || setup.directory().isDeclared(key)) {
      Resident resident = residents.withRoom(key);
      if (resident == null) {
        answer.give(ChannelMemory.FULL.as());
        return;
      }
      resident.home.ask(position -> answer.give(position.map(Optional::of)));
      residents.settle(resident);
    } else {
      answer.give(Outcome.done(Optional.empty()));
    }
  }

  private static <T> Outcome.Refused<T> serverError() {
    return new Outcome.Refused<>(Refusal.SERVER_ERROR);
  }

  /// Notes that a shard had no room for a publication of this channel.
  void noteBehind(int shard, ChannelKey key) {
    while (behind.size() <= shard) {
      behind.add(new HashSet<>());
    }
    behind.get(shard).add(key);
  }

  private void catchUp(int shard) {
    if (shard >= behind.size()) {
      return;
    }
    List<ChannelKey> keys = List.copyOf(behind.get(shard));
    behind.get(shard).clear(); // who does not get all of it is noted again
    for (ChannelKey key : keys) {
      Resident resident = residents.of(key);
      resident.home.catchUp(shard);
      residents.settle(resident);
    }
  }

  /// Drops what has grown old. Called once a second.
  void sweep() {
    long now = steadyMs.getAsLong();
    logBudget.expire(now);
    idempotency.expire(now);
    residents.sweep();
    presences.sweep();
  }
}
