package dev.pushgate.core.channel;

import dev.pushgate.core.publication.WireFormat;

/// A subscriber's wish to become a member, as the channel's home sees it. Every request that is
/// answered with [HomeHost#joined] counts as one member until one [ChannelHome#leave] of its shard.
public interface JoinRequest {
  /// The shard on which the subscriber lives.
  int shard();

  WireFormat wireFormat();

  Start start();
}
