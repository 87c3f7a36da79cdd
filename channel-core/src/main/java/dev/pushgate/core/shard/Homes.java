package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Answer;
import dev.pushgate.core.channel.ChannelHome;
import dev.pushgate.core.channel.IdempotencyWindow;
import dev.pushgate.core.channel.LogBudget;
import dev.pushgate.core.channel.RelaySync;
import dev.pushgate.core.channel.StoreBacklog;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The homes that live on one shard: made when a channel is used, forgotten when it has had no
/// members and no publications for a while. Confined to its shard.
final class Homes {
  private static final class Resident {
    final ChannelHome home;
    boolean idle;
    long idleSinceMs;

    Resident(ChannelHome home) {
      this.home = home;
    }
  }

  private final Shard shard;
  private final ShardSetup setup;
  private final LongSupplier steadyMs;
  private final LogBudget logBudget;
  private final IdempotencyWindow idempotency;
  private final StoreBacklog storeBacklog;
  private final HomeSurroundings surroundings;
  private final Presences presences;
  private final Map<ChannelKey, Resident> residents = new HashMap<>();

  /// Homes that could be forgotten, longest idle first.
  private final Map<ChannelKey, Resident> idle = new LinkedHashMap<>();

  /// By shard: the channels that this shard is behind with.
  private final List<Set<ChannelKey>> behind = new ArrayList<>();

  Homes(Shard shard, Shards shards, ShardSetup setup) {
    this.shard = shard;
    this.setup = setup;
    this.steadyMs = setup.steadyMs();
    this.logBudget =
        new LogBudget(setup.limits().log().shardBytes(), setup.limits().log().age().toMillis());
    this.idempotency = new IdempotencyWindow(setup.limits().idempotency().bytes());
    this.storeBacklog = new StoreBacklog(setup.limits().waiting().bytes());
    this.surroundings = new HomeSurroundings(shard, shards, this, setup);
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
        Resident resident = residentOf(publish.request().key());
        resident.home.publish(publish.request(), publish.answer());
        settle(resident);
      }
      case ShardMessage.Join(Subscription subscription) -> {
        Resident resident = residentOf(subscription.key());
        resident.home.join(subscription);
        settle(resident);
      }
      case ShardMessage.CallOff(Subscription subscription) -> callOff(subscription);
      case ShardMessage.Leave(ChannelKey key, int shard) -> {
        Resident resident = residentOf(key);
        resident.home.leave(shard);
        settle(resident);
      }
      case ShardMessage.Declare declare -> {
        Resident resident = residentOf(declare.channel().key());
        resident.home.declare(declare.channel(), declare.answer());
        settle(resident);
      }
      case ShardMessage.Delete delete -> {
        Resident resident = residentOf(delete.key());
        resident.home.delete(delete.answer());
        settle(resident);
      }
      case ShardMessage.AskPosition(ChannelKey key, Answer<Optional<StreamPosition>> answer) ->
          askPosition(key, answer);
      case ShardMessage.Resume(ChannelKey key, Runnable task) -> {
        task.run();
        goOn(residentOf(key));
      }
      case ShardMessage.Room(int shard) -> catchUp(shard);
      case ShardMessage.FromRelay fromRelay -> handle(fromRelay);
      case ShardMessage.ToPresence toPresence -> presences.handle(toPresence);
    }
  }

  private void callOff(Subscription subscription) {
    Resident resident = residents.get(subscription.key());
    if (resident != null) {
      resident.home.callOff(subscription);
      settle(resident);
    }
  }

  private void handle(ShardMessage.FromRelay message) {
    Resident resident = residents.get(message.key());
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
    goOn(resident);
  }

  /// Answers who asked for something that failed: nobody waits for ever.
  void refuse(ShardMessage.ToHome failed) {
    switch (failed) {
      case ShardMessage.Publish(PublishRequest request, Answer<Published> answer) ->
          residentOf(request.key()).home.settle(request, answer, serverError());
      case ShardMessage.Declare(_, Answer<DeclaredChannel> answer) -> answer.give(serverError());
      case ShardMessage.Delete(_, Answer<ChannelKey> answer) -> answer.give(serverError());
      case ShardMessage.AskPosition(_, Answer<Optional<StreamPosition>> answer) ->
          answer.give(serverError());
      case ShardMessage.Join(Subscription subscription) ->
          surroundings.joinRefused(subscription, serverError());
      case ShardMessage.Arrived arrived -> shard.post(new ShardMessage.Doubtful(arrived.key()));
      case ShardMessage.Resume(ChannelKey key, _) -> residentOf(key).home.recover();
      case ShardMessage.ToPresence toPresence -> presences.refuse(toPresence);
      case ShardMessage.CallOff _, ShardMessage.Leave _ -> {}
      case ShardMessage.Room _, ShardMessage.FromRelay _ -> {}
    }
  }

  /// Makes no home for a channel that nobody uses: asking must cost nothing that stays.
  private void askPosition(ChannelKey key, Answer<Optional<StreamPosition>> answer) {
    if (residents.containsKey(key) || setup.directory().isDeclared(key)) {
      Resident resident = residentOf(key);
      resident.home.ask(position -> answer.give(position.map(Optional::of)));
      settle(resident);
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
      Resident resident = residentOf(key);
      resident.home.catchUp(shard);
      settle(resident);
    }
  }

  /// Drops what has grown old. Called once a second.
  void sweep() {
    long now = steadyMs.getAsLong();
    logBudget.expire(now);
    idempotency.expire(now);
    long idleSince = now - setup.limits().log().idle().toMillis();
    Iterator<Resident> longestIdle = idle.values().iterator();
    while (longestIdle.hasNext()) {
      Resident resident = longestIdle.next();
      if (resident.idleSinceMs > idleSince && idle.size() <= setup.limits().log().idleChannels()) {
        return;
      }
      longestIdle.remove();
      forget(resident);
    }
  }

  private Resident residentOf(ChannelKey key) {
    Resident found = residents.get(key);
    if (found == null) {
      ChannelHome home = new ChannelHome(key, surroundings, setup.directory().isDeclared(key));
      found = new Resident(home);
      residents.put(key, found);
    }
    return found;
  }

  /// As [#settle] for what nobody here asked for: an idle home stays idle since when it was, or one
  /// that much is published to would be followed for ever.
  private void goOn(Resident resident) {
    if (!resident.idle || !resident.home.isForgettable()) {
      settle(resident);
    }
  }

  /// Notes whether the home may be forgotten one day, counted from now.
  private void settle(Resident resident) {
    if (resident.idle) {
      idle.remove(resident.home.key());
      resident.idle = false;
    }
    if (resident.home.isForgettable()) {
      resident.idle = true;
      resident.idleSinceMs = steadyMs.getAsLong();
      idle.put(resident.home.key(), resident);
      forgetBeyondLimit();
    }
  }

  private void forgetBeyondLimit() {
    if (idle.size() > setup.limits().log().idleChannels()) {
      Iterator<Resident> longestIdle = idle.values().iterator();
      @Nullable Resident first = longestIdle.next();
      longestIdle.remove();
      forget(first);
    }
  }

  private void forget(Resident resident) {
    resident.home.forget();
    residents.remove(resident.home.key());
  }
}
