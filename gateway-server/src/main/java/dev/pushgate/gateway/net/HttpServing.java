package dev.pushgate.gateway.net;

import org.jspecify.annotations.Nullable;

/// What all HTTP connections of a listener share. Thread-safe.
///
/// @param upgrade null where no WebSocket is served
/// @param guard null where nobody authenticates
record HttpServing(
    HttpApi api,
    @Nullable WebSocketUpgrade upgrade,
    @Nullable AddressGuard guard,
    HeadCheck headCheck,
    HttpLimits limits,
    Responses responses,
    OpenConnections open,
    RateLimitedLog faults) {

  void noteStatus(RequestHead head, int status) {
    if (status == 401 && guard != null) {
      guard.failed(head.remoteAddress());
    }
  }
}
