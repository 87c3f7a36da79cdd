package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// What channels and their subscribers cost, and on whose account. Thread-safe.
///
/// A subscription is on the account of its session, and a channel on each shard where it has
/// subscribers on the account of whose came first, its home included: so nobody is refused because
/// of a home. A home without members is spare: it is forgotten when the room is needed.
record ChannelMemory(MemoryShare share) {
  /// What is told to whom there is no room for.
  static final Outcome.Refused<?> FULL =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED, "This node has as many channels in use as it has memory for");

  boolean takeSubscription(MemoryHolder holder, ChannelKey key) {
    return share.take(holder, subscription(key));
  }

  void giveBackSubscription(MemoryHolder holder, ChannelKey key) {
    share.giveBack(holder, subscription(key));
  }

  boolean takeChannel(MemoryHolder holder, ChannelKey key) {
    return share.take(holder, channel(key));
  }

  void giveBackChannel(MemoryHolder holder, ChannelKey key) {
    share.giveBack(holder, channel(key));
  }

  /// A home has no members, or none yet.
  void spare(ChannelKey key) {
    share.noteSpare(home(key));
  }

  /// A home has members, or is forgotten.
  void spareNoMore(ChannelKey key) {
    share.noteSpare(-home(key));
  }

  boolean hasRoomForHome(ChannelKey key) {
    return share.usedBytes() + home(key) <= share.limitBytes();
  }

  boolean isOver() {
    return share.isOver();
  }

  void refused() {
    share.refused();
  }

  /// Each has a copy of the name as its client sent it.
  private static int subscription(ChannelKey key) {
    return ObjectCosts.SUBSCRIPTION + key.name().value().length();
  }

  private static int channel(ChannelKey key) {
    return ObjectCosts.CHANNEL + home(key);
  }

  private static int home(ChannelKey key) {
    return ObjectCosts.HOME + key.name().value().length();
  }
}
