package dev.pushgate.gateway.protocol.client;

import dev.pushgate.core.name.StreamPosition;
import org.jspecify.annotations.Nullable;

/// What a server sends to a subscriber. Immutable.
public sealed interface ServerFrame {
  record Connected() implements ServerFrame {}

  /// @param head the channel's newest position
  /// @param recovered whether everything since the asked position follows; null when none was asked
  ///     for
  record Subscribed(String channel, StreamPosition head, @Nullable Boolean recovered)
      implements ServerFrame {}

  record Unsubscribed(String channel) implements ServerFrame {}

  /// @param data one JSON value, as its publisher wrote it
  record Message(String channel, long offset, String eventType, String data)
      implements ServerFrame {}

  /// Messages `from` to `to`, both included, will not come.
  record Gap(String channel, String epoch, long from, long to) implements ServerFrame {}

  record Error(String code, String sentence) implements ServerFrame {}

  /// A frame that says nothing to a subscriber.
  record Other(String type) implements ServerFrame {}
}
