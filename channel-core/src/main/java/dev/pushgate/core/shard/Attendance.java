package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Attendant;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.publication.WireFormat;

/// One subscription's presence in its channel. A subscription that was refused and asks again has
/// another one, so that an answer to the first finds it gone. Immutable, but for what it
/// costs.
final class Attendance implements Attendant {
  private final Subscription subscription;
  private final MemberId memberId;

  /// What it has taken of its session's account. Touched on its shard only.
  int takenBytes;

  Attendance(Subscription subscription, MemberId memberId) {
    this.subscription = subscription;
    this.memberId = memberId;
  }

  MemoryHolder holder() {
    return subscription.owner().holder();
  }

  ChannelKey key() {
    return subscription.key();
  }

  Subscription subscription() {
    return subscription;
  }

  /// Whether the subscription still has this one. To be asked on its shard.
  boolean isOn() {
    return subscription.attendance == this;
  }

  @Override
  public MemberId memberId() {
    return memberId;
  }

  @Override
  public int shard() {
    return subscription.shard();
  }

  @Override
  public WireFormat wireFormat() {
    return subscription.wireFormat();
  }
}
