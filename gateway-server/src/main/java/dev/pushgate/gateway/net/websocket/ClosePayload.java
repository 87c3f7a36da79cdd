package dev.pushgate.gateway.net.websocket;

import dev.pushgate.core.outcome.CloseReason;

/// The payload of a client's close frame, RFC 6455, sections 5.5.1 and 7.4.
final class ClosePayload {
  private ClosePayload() {}

  static ClientFrame parse(byte[] payload) {
    if (payload.length == 0) {
      return new ClientFrame.Close(ClientFrame.Close.NO_CODE);
    }
    if (payload.length == 1) {
      return new ClientFrame.Violation(CloseReason.MALFORMED_FRAME, "half a close code");
    }
    int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    if (!maySend(code)) {
      return new ClientFrame.Violation(CloseReason.MALFORMED_FRAME, "close code " + code);
    }
    Utf8Check reason = new Utf8Check();
    return reason.accepts(payload, 2, payload.length) && reason.isComplete()
        ? new ClientFrame.Close(code)
        : new ClientFrame.Violation(CloseReason.INVALID_UTF8, "close reason is not UTF-8");
  }

  /// Codes that an endpoint may send: the registered ones but 1004, 1005, 1006 and 1015, and the
  /// ranges for libraries and applications.
  private static boolean maySend(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
