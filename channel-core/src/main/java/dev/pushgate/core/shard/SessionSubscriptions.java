package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.Present;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The channels of one session. Confined to its shard.
public final class SessionSubscriptions {
  /// What comes of the wish to be present.
  public enum Attending {
    /// It is no member of the channel.
    NO_MEMBER,
    ENTERING,
    /// It is present already, or entering.
    PRESENT,
    /// There is no memory for it: it was told so.
    REFUSED
  }

  /// How many requests for one channel wait for the same join.
  private static final int MAX_ASKED = 16;

  private static final Outcome.Refused<?> TOO_OFTEN =
      new Outcome.Refused<>(Refusal.RATE_LIMITED, "Too many requests wait to join this channel");

  private final Shard shard;
  private final Subscriber subscriber;
  private final int limit;
  private final Map<ChannelKey, Subscription> subscriptions = new HashMap<>(4);
  private final ChannelMemory memory;

  /// Null before the first subscription.
  private @Nullable MemoryHolder holder;

  public SessionSubscriptions(Shard shard, Subscriber subscriber, int limit) {
    this.shard = shard;
    this.subscriber = subscriber;
    this.limit = limit;
    this.memory = shard.channelMemory();
  }

  /// On whose account the channels are: the same to the end, whatever token the session goes on
  /// with.
  MemoryHolder holder() {
    if (holder == null) {
      holder = subscriber.holder();
    }
    return holder;
  }

  /// How many channels the session is a member of or is joining.
  public int size() {
    return subscriptions.size();
  }

  /// The channels that the session is a member of or is joining, as they are now.
  public List<ChannelKey> keys() {
    return List.copyOf(subscriptions.keySet());
  }

  /// Whether a join is not answered yet.
  public boolean isJoining() {
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.state == Subscription.State.JOINING) {
        return true;
      }
    }
    return false;
  }

  /// Asks to join a channel. The answer comes through [Subscriber#subscribed] or
  /// [Subscriber#subscribeRefused]: at once when the session is a member already, which changes
  /// nothing and replays nothing. Refused with `QUOTA_EXCEEDED` when there is no memory for it.
  ///
  /// @return false, and nothing happens, when the session has as many channels as it may
  public boolean subscribe(ChannelKey key, Start start, @Nullable String ref) {
    shard.assertInside();
    Subscription found = subscriptions.get(key);
    if (found != null) {
      again(found, start, ref);
      return true;
    }
    if (subscriptions.size() >= limit) {
      return false;
    }
    if (!memory.takeSubscription(holder(), key)) {
      subscriber.subscribeRefused(key, ref, ChannelMemory.FULL);
      return true;
    }
    Subscription subscription = new Subscription(shard.index(), key, start, this, subscriber);
    subscription.asked.add(new Subscription.Asked(ref, start));
    subscriptions.put(key, subscription);
    shard.postJoin(subscription);
    return true;
  }

  private void again(Subscription found, Start start, @Nullable String ref) {
    if (found.state == Subscription.State.JOINING) {
      if (found.asked.size() == MAX_ASKED) {
        subscriber.subscribeRefused(found.key(), ref, TOO_OFTEN);
        return;
      }
      found.asked.add(new Subscription.Asked(ref, start));
      return;
    }
    StreamPosition position = shard.hub().position(found.key());
    if (position == null) {
      throw new IllegalStateException("a member of no channel: " + found.key());
    }
    subscriber.subscribed(found.key(), ref, position, found.recovered(start, position), List.of());
  }

  /// Makes the session present in a channel that it is a member of; it leaves with its membership.
  /// When this gives [Attending#ENTERING], the answer comes through [Subscriber#entered] or
  /// [Subscriber#presenceRefused].
  ///
  /// @param present who it is; with its info, when it says something of itself
  public Attending enter(ChannelKey key, Present present) {
    shard.assertInside();
    Subscription found = subscriptions.get(key);
    if (found == null || found.state != Subscription.State.MEMBER) {
      return Attending.NO_MEMBER;
    }
    String info = present.info();
    Attendance attendance = found.attendance;
    if (attendance == null) {
      return enterAnew(found, present);
    }
    if (info != null && !update(attendance, info, null)) {
      return Attending.REFUSED;
    }
    return Attending.PRESENT;
  }

  private Attending enterAnew(Subscription member, Present present) {
    Attendance attendance = new Attendance(member, present.id());
    if (!shard.hub().attendances().grow(attendance, present.info())) {
      subscriber.presenceRefused(member.key(), null, PresenceMemory.FULL);
      return Attending.REFUSED;
    }
    member.attendance = attendance;
    shard.postPresence(new ShardMessage.Enter(attendance, present.info()));
    return Attending.ENTERING;
  }

  /// False, and it was told so, when there is no memory for what it says.
  private boolean update(Attendance attendance, String info, @Nullable String ref) {
    if (!shard.hub().attendances().grow(attendance, info)) {
      subscriber.presenceRefused(attendance.key(), ref, PresenceMemory.FULL);
      return false;
    }
    shard.postPresence(new ShardMessage.Update(attendance, info, ref));
    return true;
  }

  /// Changes what the session says of itself in a channel. Answered through
  /// [Subscriber#presenceUpdated] or [Subscriber#presenceRefused].
  ///
  /// @return false, and nothing happens, when it is not present there
  public boolean update(ChannelKey key, String info, @Nullable String ref) {
    shard.assertInside();
    Subscription found = subscriptions.get(key);
    if (found == null || found.attendance == null) {
      return false;
    }
    update(found.attendance, info, ref);
    return true;
  }

  /// Leaves a channel; nothing of it is written to the session afterwards. Does nothing when the
  /// session is no member. A join that is still unanswered is called off: if it had a ref, it is
  /// refused.
  public void unsubscribe(ChannelKey key) {
    shard.assertInside();
    Subscription found = subscriptions.remove(key);
    if (found != null) {
      List<Subscription.Asked> unanswered = List.copyOf(found.asked);
      end(found);
      for (Subscription.Asked asked : unanswered) {
        if (asked.ref() != null) {
          subscriber.subscribeRefused(
              key,
              asked.ref(),
              new Outcome.Refused<>(Refusal.CONFLICT, "Unsubscribed before it was subscribed"));
        }
      }
    }
  }

  /// Calls the last request off that waits for a join, and the join with it when that was the only
  /// one; tells nobody. False when there is none.
  public boolean callOff(ChannelKey key) {
    shard.assertInside();
    Subscription found = subscriptions.get(key);
    if (found == null || found.state != Subscription.State.JOINING) {
      return false;
    }
    if (found.asked.size() > 1) {
      found.asked.removeLast();
    } else {
      subscriptions.remove(key);
      end(found);
    }
    return true;
  }

  /// Ends the session's presence in a channel, and nothing else; tells nobody. False when there is
  /// none.
  public boolean withdraw(ChannelKey key) {
    shard.assertInside();
    Subscription found = subscriptions.get(key);
    if (found == null || found.attendance == null) {
      return false;
    }
    shard.hub().withdraw(found);
    return true;
  }

  /// The channels in which the session is present, or is about to be.
  public List<ChannelKey> attended() {
    shard.assertInside();
    return subscriptions.values().stream()
        .filter(subscription -> subscription.attendance != null)
        .map(Subscription::key)
        .toList();
  }

  /// The session may do something else than before: it is taken out of each channel where it may
  /// not stay, and told through [Subscriber#removed]. About joins that are not answered it is asked
  /// when they are.
  public void revisit() {
    shard.assertInside();
    List.copyOf(subscriptions.values()).forEach(shard.hub()::revisit);
  }

  /// Leaves all channels, for good.
  public void close() {
    shard.assertInside();
    List<Subscription> all = List.copyOf(subscriptions.values());
    subscriptions.clear();
    all.forEach(this::end);
  }

  private void end(Subscription subscription) {
    boolean member = subscription.state == Subscription.State.MEMBER;
    subscription.state = Subscription.State.GONE;
    subscription.answered();
    memory.giveBackSubscription(holder(), subscription.key());
    if (member) {
      shard.hub().leave(subscription);
    } else {
      shard.postCallOff(subscription); // an answer that is on its way finds it gone and leaves then
    }
  }

  /// Called when the shard itself ended a subscription.
  void forget(Subscription subscription) {
    if (subscriptions.remove(subscription.key(), subscription)) {
      memory.giveBackSubscription(holder(), subscription.key());
    }
  }
}
