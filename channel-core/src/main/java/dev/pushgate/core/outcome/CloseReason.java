package dev.pushgate.core.outcome;

/// Why a session was closed. The range of the code tells the client what to do: 4000–4099 do not
/// come back with the same credentials, 4100–4199 come back after a back-off, 4200–4299 come back
/// at once. The codes below 4000 are RFC 6455's, section 7.4.1. Immutable.
public enum CloseReason {
  /// The client said goodbye; its own code is sent back.
  NORMAL(1000, "closed by the client"),
  MALFORMED_FRAME(1002, "malformed WebSocket frame"),
  INVALID_UTF8(1007, "text is not valid UTF-8"),
  FRAME_TOO_LARGE(1009, "frame larger than the limit"),
  INTERNAL_ERROR(1011, "internal error"),
  UNAUTHORIZED(4001, "unauthorized or invalid token"),
  FORBIDDEN(4003, "forbidden"),
  PROTOCOL_ERROR(4004, "protocol error"),
  CREDENTIALS_ENDED(4010, "token or key expired or revoked"),
  OVER_CONNECTION_LIMIT(4100, "over the connection limit"),
  SLOW_CONSUMER(4101, "slow consumer"),
  RATE_LIMITED(4102, "rate limit"),
  /// What it asked for before it said goodbye was not all done in time, or nobody knows.
  UNFINISHED(4103, "not all was done that was asked before the close"),
  DRAINING(4200, "please reconnect: this node is draining"),
  NO_PONG(4201, "no pong in time"),
  /// The socket broke; there is nobody to tell.
  CONNECTION_LOST(1006, "connection lost");

  private final int code;
  private final String sentence;

  CloseReason(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  /// The code of the close frame; 1006 is never sent (RFC 6455, section 7.4.1).
  public int code() {
    return code;
  }

  /// The reason text of the close frame, at most 123 bytes of ASCII.
  public String sentence() {
    return sentence;
  }
}
