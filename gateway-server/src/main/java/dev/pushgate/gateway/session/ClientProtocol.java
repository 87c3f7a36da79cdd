package dev.pushgate.gateway.session;

import dev.pushgate.core.publication.WireFormat;

/// A wire that a session's client speaks. Thread-safe.
public interface ClientProtocol {
  /// How this wire carries publications.
  WireFormat wireFormat();

  /// The command in a text message; never fails.
  ///
  /// @param text valid UTF-8, not kept
  ClientCommand decode(byte[] text);

  /// The whole frame of an event, its transport's header included. To be read only.
  byte[] encode(ServerEvent event);
}
