package dev.pushgate.gateway.session;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.name.SessionId;
import dev.pushgate.core.relay.Relay;
import java.time.Clock;
import java.util.function.LongSupplier;

/// What all sessions of a node draw on. Thread-safe.
///
/// @param nodeId this node's, as the others know it
/// @param nanoTime as [System#nanoTime]
public record SessionServices(
    String nodeId,
    Relay relay,
    Channels channels,
    Authentication authentication,
    ClientProtocol protocol,
    Clock clock,
    LongSupplier nanoTime,
    SessionLimits limits) {
  static final char NODE_SEPARATOR = '-';

  KeyDirectory keys() {
    return authentication.keys();
  }

  /// What a session is called in the whole cluster.
  String connectionId(SessionId id) {
    return nodeId + NODE_SEPARATOR + id;
  }
}
