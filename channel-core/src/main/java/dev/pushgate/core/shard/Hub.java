package dev.pushgate.core.shard;

import dev.pushgate.core.channel.JoinAnswer;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.EncodedFrames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The subscribers on one shard, by channel. What fails at one subscriber is its own end and nobody
/// else's: no method throws. Confined to its shard.
final class Hub {
  private final Shard shard;
  private final ShardObserver observer;
  private final ChannelMemory memory;
  private final ShardFaults faults;
  private final OutboundMemory outbound;
  private final Dismissals dismissals;
  private final FlushBatch batch;
  private final Attendances attendances;
  private final Map<ChannelKey, SubscriberSet> channels = new HashMap<>();
  private int subscriptions;

  Hub(Shard shard, ShardSetup setup, ShardFaults faults) {
    this.shard = shard;
    this.observer = setup.observer();
    this.outbound = shard.outbound();
    this.memory = shard.channelMemory();
    this.faults = faults;
    this.dismissals = new Dismissals(faults);
    this.batch = new FlushBatch(outbound, observer, dismissals);
    this.attendances = new Attendances(shard, setup, dismissals);
  }

  Attendances attendances() {
    return attendances;
  }

  int subscriptions() {
    return subscriptions;
  }

  int channels() {
    return channels.size();
  }

  void handle(ShardMessage.ToMembers message) {
    try {
      dispatch(message);
    } catch (Throwable e) {
      // A bug of ours. Members come back and resume rather than go on with a hole.
      faults.note(message.getClass().getSimpleName(), e);
      SubscriberSet set = channels.get(message.key());
      if (set != null) {
        set.forEach(member -> dismissals.add(member.subscriber(), e));
      }
    }
  }

  private void dispatch(ShardMessage.ToMembers message) {
    switch (message) {
      case ShardMessage.Deliver(EncodedFrames frames, long acceptedNanos) ->
          deliver(frames, acceptedNanos);
      case ShardMessage.Joined(Subscription subscription, JoinAnswer answer) ->
          joined(subscription, answer);
      case ShardMessage.JoinRefused(Subscription subscription, Outcome.Refused<?> refused) ->
          refuse(subscription, refused);
      case ShardMessage.Gap(ChannelKey key, String epoch, long from, long to) ->
          gap(key, epoch, from, to);
      case ShardMessage.Moved(ChannelKey key, StreamPosition head) -> moved(key, head);
      case ShardMessage.Remove(ChannelKey key) -> remove(key);
      case ShardMessage.Revisit(ChannelKey key) -> revisit(key);
      case ShardMessage.ToAttendants toAttendants -> attendances.handle(toAttendants);
    }
  }

  /// Writes what is due, and then closes who could not be given it. Called at the end of each turn.
  void flush() {
    batch.flush();
    dismissals.carryOut();
    outbound.settle();
  }

  /// The newest position that a channel's members on this shard have been given; null without
  /// members.
  @Nullable StreamPosition position(ChannelKey key) {
    SubscriberSet set = channels.get(key);
    if (set == null) {
      return null;
    }
    batch.flush(set);
    return set.position();
  }

  /// Takes a member out; nothing of the channel is written to it afterwards.
  void leave(Subscription member) {
    SubscriberSet set = channels.get(member.key());
    if (set == null) {
      throw new IllegalStateException("a member of no channel: " + member.key());
    }
    batch.flush(set);
    attendances.end(member);
    set.remove(member);
    subscriptions--;
    if (set.size() == 0) {
      channels.remove(member.key());
      memory.giveBackChannel(set.holder(), set.key());
    }
    shard.postLeave(member);
  }

  /// Ends a member's presence; it stays a member.
  void withdraw(Subscription member) {
    attendances.end(member);
  }

  private void deliver(EncodedFrames frames, long acceptedNanos) {
    SubscriberSet set = channels.get(frames.publication().key());
    if (set != null) {
      batch.add(set, frames, acceptedNanos);
    }
  }

  private void joined(Subscription subscription, JoinAnswer answer) {
    if (subscription.state == Subscription.State.GONE) {
      shard.postLeave(subscription);
      return;
    }
    if (!maySubscribe(subscription)) {
      shard.postLeave(subscription);
      refuse(subscription, forbidden());
      return;
    }
    SubscriberSet set = setOf(subscription, answer.head());
    if (set == null) {
      shard.postLeave(subscription);
      refuse(subscription, ChannelMemory.FULL);
      return;
    }
    batch.flush(set);
    set.moveTo(answer.head());
    set.add(subscription);
    subscriptions++;
    subscription.becomeMember(answer);
    answer.replay().forEach(frames -> shard.noteBytes(frames.publication().weight()));
    tell(subscription, subscriber -> answer(subscriber, subscription, answer));
    subscription.answered();
  }

  /// Null when there is no room for another channel.
  private @Nullable SubscriberSet setOf(Subscription subscription, StreamPosition head) {
    SubscriberSet set = channels.get(subscription.key());
    if (set == null) {
      MemoryHolder holder = subscription.owner().holder();
      if (!memory.takeChannel(holder, subscription.key())) {
        return null;
      }
      set = new SubscriberSet(subscription.key(), head, holder);
      channels.put(subscription.key(), set);
    }
    return set;
  }

  /// The first request made the join; those behind it asked for what was on its way already.
  private static void answer(Subscriber subscriber, Subscription subscription, JoinAnswer answer) {
    ChannelKey key = subscription.key();
    StreamPosition head = answer.head();
    Subscription.Asked first = subscription.asked.getFirst();
    subscriber.subscribed(key, first.ref(), head, answer.recovered(), answer.replay());
    for (Subscription.Asked again : subscription.asked.subList(1, subscription.asked.size())) {
      Boolean recovered = subscription.recovered(again.start(), head);
      subscriber.subscribed(key, again.ref(), head, recovered, List.of());
    }
  }

  private void refuse(Subscription subscription, Outcome.Refused<?> refused) {
    if (subscription.state != Subscription.State.JOINING) {
      return;
    }
    subscription.state = Subscription.State.GONE;
    subscription.owner().forget(subscription);
    tell(
        subscription,
        subscriber ->
            subscription.asked.forEach(
                asked -> subscriber.subscribeRefused(subscription.key(), asked.ref(), refused)));
    subscription.answered();
  }

  private void gap(ChannelKey key, String epoch, long from, long to) {
    SubscriberSet set = channels.get(key);
    if (set != null) {
      batch.flush(set);
      StreamPosition end = new StreamPosition(epoch, to);
      set.moveTo(end);
      set.forEach(
          member -> {
            member.givenOnlySince(end);
            tell(member, subscriber -> subscriber.gap(key, epoch, from, to));
          });
      observer.gap(set.size());
    }
  }

  private void moved(ChannelKey key, StreamPosition head) {
    SubscriberSet set = channels.get(key);
    if (set != null) {
      batch.flush(set);
      set.moveTo(head);
      set.forEach(
          member -> {
            member.givenOnlySince(head);
            tell(member, subscriber -> subscriber.subscribed(key, null, head, false, List.of()));
          });
    }
  }

  private void remove(ChannelKey key) {
    SubscriberSet set = channels.get(key);
    if (set != null) {
      batch.flush(set);
      set.forEach(member -> expel(member, null));
    }
  }

  private void revisit(ChannelKey key) {
    SubscriberSet set = channels.get(key);
    if (set != null) {
      batch.flush(set);
      set.forEach(this::revisit);
    }
  }

  /// Takes a member out when it may not stay; whoever is joining is asked about when it has joined.
  void revisit(Subscription member) {
    if (!maySubscribe(member)) {
      expel(member, forbidden());
    }
  }

  private void expel(Subscription member, Outcome.@Nullable Refused<?> refused) {
    if (member.state == Subscription.State.MEMBER) {
      member.state = Subscription.State.GONE;
      member.owner().forget(member);
      leave(member);
      tell(member, subscriber -> subscriber.removed(member.key(), refused));
    }
  }

  private void tell(Subscription subscription, Consumer<Subscriber> what) {
    dismissals.tell(subscription.subscriber(), what);
  }

  private boolean maySubscribe(Subscription subscription) {
    try {
      return subscription.subscriber().maySubscribe(subscription.key());
    } catch (Throwable e) {
      dismissals.fail(subscription.subscriber(), e);
      return false;
    }
  }

  private static Outcome.Refused<?> forbidden() {
    return new Outcome.Refused<>(Refusal.FORBIDDEN, "You may not subscribe to this channel");
  }
}
