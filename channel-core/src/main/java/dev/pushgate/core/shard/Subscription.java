package dev.pushgate.core.shard;

import dev.pushgate.core.channel.JoinAnswer;
import dev.pushgate.core.channel.JoinRequest;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.WireFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One session in one channel. Each join has one of its own: an answer that comes after its
/// unsubscribe finds this one gone, whatever the session did since. Confined to its shard, but for
/// what a home may ask of it.
final class Subscription implements JoinRequest {
  enum State {
    JOINING,
    MEMBER,
    GONE
  }

  /// One subscribe of the client.
  ///
  /// @param ref what the client called it, or null
  record Asked(@Nullable String ref, Start start) {}

  private final int shard;
  private final ChannelKey key;
  private final Start start;
  private final SessionSubscriptions owner;
  private final Subscriber subscriber;
  private final WireFormat wireFormat;

  /// What the join's answer will answer; the first of it made the join. Empty when it was.
  List<Asked> asked = new ArrayList<>(1);

  State state = State.JOINING;

  /// The place in its [SubscriberSet]; -1 while in none.
  int index = -1;

  /// Through which the member is present, or asked to be; null while it did not.
  @Nullable Attendance attendance;

  /// Everything behind this position was given to this member; null while it is none.
  private @Nullable StreamPosition givenSince;

  Subscription(
      int shard, ChannelKey key, Start start, SessionSubscriptions owner, Subscriber subscriber) {
    this.shard = shard;
    this.key = key;
    this.start = start;
    this.owner = owner;
    this.subscriber = subscriber;
    this.wireFormat = subscriber.wireFormat();
  }

  ChannelKey key() {
    return key;
  }

  /// Nothing waits for the join's answer any more.
  void answered() {
    asked = List.of();
  }

  /// The home has answered: what is published behind the answer's replay will be given.
  void becomeMember(JoinAnswer answer) {
    state = State.MEMBER;
    StreamPosition head = answer.head();
    givenSince = head.withOffset(head.offset() - answer.replay().size());
  }

  /// What lies before `position` cannot be given any more, or is void.
  void givenOnlySince(StreamPosition position) {
    givenSince = position;
  }

  /// What `recovered` says to a member that asks again: whether this connection was given all that
  /// the request asks for; null when it names no position. There is no second replay: a member that
  /// began behind the position it names now has to be told so.
  ///
  /// @param newest the newest position that the member has been given
  @Nullable Boolean recovered(Start again, StreamPosition newest) {
    return again instanceof Start.Since(StreamPosition since)
        ? givenSince != null
            && since.epoch().equals(newest.epoch())
            && since.epoch().equals(givenSince.epoch())
            && since.offset() >= givenSince.offset()
            && since.offset() <= newest.offset()
        : null;
  }

  SessionSubscriptions owner() {
    return owner;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  @Override
  public int shard() {
    return shard;
  }

  @Override
  public WireFormat wireFormat() {
    return wireFormat;
  }

  @Override
  public Start start() {
    return start;
  }
}
