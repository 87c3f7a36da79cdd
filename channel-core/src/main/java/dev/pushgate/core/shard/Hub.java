package dev.pushgate.core.shard;

import dev.pushgate.core.channel.JoinAnswer;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.EncodedFrames;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The subscribers on one shard, by channel. Confined to its shard.
final class Hub {
  private final Shard shard;
  private final ShardObserver observer;
  private final FlushBatch batch;
  private final Map<ChannelKey, SubscriberSet> channels = new HashMap<>();
  private int subscriptions;

  Hub(Shard shard, ShardObserver observer, ByteBufAllocator allocator) {
    this.shard = shard;
    this.observer = observer;
    this.batch = new FlushBatch(allocator, observer);
  }

  int subscriptions() {
    return subscriptions;
  }

  int channels() {
    return channels.size();
  }

  void handle(ShardMessage.ToMembers message) {
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
    }
  }

  /// Writes what is due. Called at the end of each turn.
  void flush() {
    batch.flush();
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
    set.remove(member);
    subscriptions--;
    if (set.size() == 0) {
      channels.remove(member.key());
    }
    shard.postLeave(member);
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
    Subscriber subscriber = subscription.subscriber();
    if (!subscriber.maySubscribe(subscription.key())) {
      shard.postLeave(subscription);
      refuse(subscription, forbidden());
      return;
    }
    SubscriberSet set =
        channels.computeIfAbsent(subscription.key(), key -> new SubscriberSet(key, answer.head()));
    batch.flush(set);
    set.moveTo(answer.head());
    set.add(subscription);
    subscriptions++;
    subscription.state = Subscription.State.MEMBER;
    boolean first = true;
    for (String ref : subscription.asked) {
      List<EncodedFrames> replay = first ? answer.replay() : List.of();
      subscriber.subscribed(subscription.key(), ref, answer.head(), answer.recovered(), replay);
      first = false;
    }
    subscription.asked.clear();
  }

  private static void refuse(Subscription subscription, Outcome.Refused<?> refused) {
    if (subscription.state == Subscription.State.GONE) {
      return;
    }
    subscription.state = Subscription.State.GONE;
    subscription.owner().forget(subscription);
    for (String ref : subscription.asked) {
      subscription.subscriber().subscribeRefused(subscription.key(), ref, refused);
    }
    subscription.asked.clear();
  }

  private void gap(ChannelKey key, String epoch, long from, long to) {
    SubscriberSet set = channels.get(key);
    if (set != null) {
      batch.flush(set);
      set.moveTo(new StreamPosition(epoch, to));
      set.forEach(member -> member.subscriber().gap(key, epoch, from, to));
      observer.gap(set.size());
    }
  }

  private void moved(ChannelKey key, StreamPosition head) {
    SubscriberSet set = channels.get(key);
    if (set != null) {
      batch.flush(set);
      set.moveTo(head);
      set.forEach(member -> member.subscriber().subscribed(key, null, head, false, List.of()));
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
      set.forEach(
          member -> {
            if (!member.subscriber().maySubscribe(key)) {
              expel(member, forbidden());
            }
          });
    }
  }

  private void expel(Subscription member, Outcome.@Nullable Refused<?> refused) {
    if (member.state == Subscription.State.MEMBER) {
      member.state = Subscription.State.GONE;
      member.owner().forget(member);
      leave(member);
      member.subscriber().removed(member.key(), refused);
    }
  }

  private static Outcome.Refused<?> forbidden() {
    return new Outcome.Refused<>(Refusal.FORBIDDEN, "You may not subscribe to this channel");
  }
}
