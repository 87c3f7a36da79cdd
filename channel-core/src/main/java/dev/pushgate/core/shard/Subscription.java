package dev.pushgate.core.shard;

import dev.pushgate.core.channel.JoinRequest;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
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

  private final int shard;
  private final ChannelKey key;
  private final Start start;
  private final SessionSubscriptions owner;
  private final Subscriber subscriber;
  private final WireFormat wireFormat;

  /// The refs of the client's requests that the join's answer will answer.
  final List<@Nullable String> asked = new ArrayList<>(1);

  /// Written on its own shard; the home asks whether it is gone, and may learn it a moment later.
  volatile State state = State.JOINING;

  /// The place in its [SubscriberSet]; -1 while in none.
  int index = -1;

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

  @Override
  public boolean isGone() {
    return state == State.GONE;
  }
}
