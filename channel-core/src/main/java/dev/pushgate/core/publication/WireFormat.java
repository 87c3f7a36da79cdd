package dev.pushgate.core.publication;

import dev.pushgate.core.presence.PresenceEvent;

/// How a publication looks on one kind of connection. Thread-safe.
public interface WireFormat {
  /// How many formats one node can know.
  int MAX_FORMATS = 8;

  /// This format's number on this node: 0 to [#MAX_FORMATS] - 1, another for each format.
  int index();

  /// The whole frame of a publication, its transport's header included, ready to be written to any
  /// number of sockets.
  byte[] encode(Publication publication);

  /// The same of who is present in a channel.
  byte[] encode(PresenceEvent event);
}
