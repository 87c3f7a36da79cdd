package dev.pushgate.core.simulation;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.WireFormat;

/// Is told what a simulated client was told, and knows what must hold of it.
interface Witness {
  WireFormat wire();

  /// Whether clients may be in the channel.
  boolean isOpenTo(ChannelKey key);

  void saw(SimulatedWire.Message message);

  void joined(ChannelKey key, Start start, StreamPosition head, boolean recovered, int replay);

  /// A member was told that it cannot be given what lies up to and including `to`.
  void gap(ChannelKey key, StreamPosition to);

  void toldEpoch();

  /// A client is gone that had been given everything up to `position`.
  void left(ChannelKey key, StreamPosition position);
}
