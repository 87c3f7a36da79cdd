package dev.pushgate.gateway.session;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import org.jspecify.annotations.Nullable;

/// All that a session tells its client beside the publications of its channels. Immutable.
public sealed interface ServerEvent {
  /// @param connectionId what this session is called in the whole cluster
  /// @param timestampMs now, in milliseconds since 1970
  record Connected(String clientId, String connectionId, long timestampMs) implements ServerEvent {}

  /// @param head the newest position
  /// @param recovered null when the client asked from no position
  record Subscribed(
      ChannelName channel, @Nullable String ref, StreamPosition head, @Nullable Boolean recovered)
      implements ServerEvent {}

  record Unsubscribed(ChannelName channel, @Nullable String ref) implements ServerEvent {}

  record Pong(@Nullable String ref) implements ServerEvent {}

  /// The answer to a client's publish.
  record Accepted(Published published, @Nullable String ref) implements ServerEvent {}

  record Error(Outcome.Refused<?> refused, @Nullable ChannelName channel, @Nullable String ref)
      implements ServerEvent {}

  /// The connection's token ends soon, and the connection with it.
  record TokenExpiring() implements ServerEvent {}

  /// The connection goes on with another token.
  ///
  /// @param expiresAtMs when that one ends, in milliseconds since 1970
  record Authenticated(long expiresAtMs, @Nullable String ref) implements ServerEvent {}

  /// Publications `from` to `to`, both included, will not come.
  record Gap(ChannelName channel, String epoch, long from, long to) implements ServerEvent {}

  /// The answer to a presence update that has a ref.
  record PresenceUpdated(ChannelName channel, String ref) implements ServerEvent {}
}
