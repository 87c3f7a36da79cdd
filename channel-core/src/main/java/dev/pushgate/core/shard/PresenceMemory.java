package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import org.jspecify.annotations.Nullable;

/// What presence costs, and on whose account: each who is present on its session's, and a channel's
/// presence on that of who came first. Of those who are present through other nodes is noted what
/// is known. Thread-safe.
record PresenceMemory(MemoryShare share) {
  static final Outcome.Refused<?> FULL =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED, "As many are present on this node as it has memory for");

  boolean take(MemoryHolder holder, int bytes) {
    return share.take(holder, bytes);
  }

  void giveBack(MemoryHolder holder, int bytes) {
    share.giveBack(holder, bytes);
  }

  boolean takeChannel(MemoryHolder holder, ChannelKey key) {
    return share.take(holder, channel(key));
  }

  void forceChannel(ChannelKey key) {
    share.force(MemoryHolder.NODE, channel(key));
  }

  /// What one costs who says that of itself.
  static int cost(MemberId id, @Nullable String info) {
    return ObjectCosts.PRESENT
        + Character.BYTES * id.value().length()
        + (info == null ? 0 : Character.BYTES * info.length());
  }

  /// What the presence of a channel costs.
  static int channel(ChannelKey key) {
    return ObjectCosts.PRESENCE + key.name().value().length();
  }
}
