package dev.pushgate.core.relay;

import dev.pushgate.core.name.ChannelKey;

/// What a relay brings to a node. Thread-safe; no method blocks or throws. Calls of one thread take
/// effect in their order.
public interface RelayListener {
  /// A publication of a channel that is followed. False when there was no room for it: it is lost
  /// here, and the relay owes the channel a [#missed] soon.
  boolean arrived(Arrival arrival);

  /// From now on everything arrives, until the next call; what came before may have been lost.
  void confirmed(ChannelKey key);

  /// Something did not get to the channel's home though everything arrives: it had no room, or its
  /// reading failed. The home reads the stream.
  void missed(ChannelKey key);

  /// The channel's stream may not be where its home has it (another epoch began; heads were
  /// compared and differ): the home reads it.
  void doubtful(ChannelKey key);

  /// The channel was deleted: members are told and removed.
  void ended(ChannelKey key);
}
