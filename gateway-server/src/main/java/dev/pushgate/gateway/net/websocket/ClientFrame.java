package dev.pushgate.gateway.net.websocket;

import dev.pushgate.core.outcome.CloseReason;

/// What can arrive on a WebSocket: whole messages, control frames, or the end of understanding.
/// Immutable but for the arrays, which belong to the receiver.
public sealed interface ClientFrame {
  /// A whole text message, its fragments joined.
  ///
  /// @param utf8 valid UTF-8, not masked
  record Text(byte[] utf8) implements ClientFrame {}

  /// A part of a message that is not its last one: to be counted, no more.
  record Fragment() implements ClientFrame {}

  /// A message began that is longer than it may be; it is passed over, and the next one is read.
  record TooLarge() implements ClientFrame {}

  /// A binary message began. Its content is not read: no wire here has binary messages yet.
  record Binary() implements ClientFrame {}

  /// @param payload to be sent back; at most 125 bytes
  record Ping(byte[] payload) implements ClientFrame {}

  record Pong() implements ClientFrame {}

  /// The client says goodbye.
  ///
  /// @param code its close code, or [#NO_CODE] when it gave none
  record Close(int code) implements ClientFrame {
    /// RFC 6455, section 7.4.1: stands for "no code" and is never sent.
    public static final int NO_CODE = 1005;
  }

  /// The client broke the rules, and no frame can be found in its bytes any more.
  ///
  /// @param reason the code to close with: 1002, 1007 or 1009
  /// @param why for the log
  record Violation(CloseReason reason, String why) implements ClientFrame {}
}
