package dev.pushgate.core.channel;

import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.publication.WireFormat;

/// One connection through which somebody is present in a channel, as the channel's home sees it.
/// Told apart by identity. Immutable.
public interface Attendant {
  MemberId memberId();

  /// The shard on which the connection lives.
  int shard();

  WireFormat wireFormat();
}
