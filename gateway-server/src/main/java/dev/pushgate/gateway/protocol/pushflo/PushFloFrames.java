package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Published;
import dev.pushgate.gateway.session.ServerEvent;
import org.jspecify.annotations.Nullable;

/// What a session tells a PushFlo client, as frames. Immutable.
final class PushFloFrames {
  private static final int CAPACITY_BYTES = 160;
  private static final byte[] PONG = new JsonFrame("pong", CAPACITY_BYTES).frame();
  private static final byte[] TOKEN_EXPIRING =
      new JsonFrame("token_expiring", CAPACITY_BYTES).frame();

  /// The whole frame of an event. To be read only.
  byte[] encode(ServerEvent event) {
    return switch (event) {
      case ServerEvent.Connected(String clientId, String connectionId, long timestampMs) ->
          begin("connected")
              .text("clientId", clientId)
              .text("connectionId", connectionId)
              .number("timestamp", timestampMs)
              .frame();
      case ServerEvent.Subscribed subscribed -> subscribed(subscribed);
      case ServerEvent.Unsubscribed(ChannelName channel, String ref) ->
          withRef(begin("unsubscribed").text("channel", channel.value()), ref);
      case ServerEvent.Pong(String ref) -> ref == null ? PONG : withRef(begin("pong"), ref);
      case ServerEvent.TokenExpiring() -> TOKEN_EXPIRING;
      case ServerEvent.Authenticated(long expiresAtMs, String ref) ->
          withRef(begin("authenticated").number("expiresAt", expiresAtMs), ref);
      case ServerEvent.Accepted(Published published, String ref) -> accepted(published, ref);
      case ServerEvent.Error error -> error(error);
      case ServerEvent.PresenceUpdated(ChannelName channel, String ref) ->
          begin("presence")
              .text("channel", channel.value())
              .text("action", "updated")
              .text("ref", ref)
              .frame();
      case ServerEvent.Gap(ChannelName channel, String epoch, long from, long to) ->
          begin("gap")
              .text("channel", channel.value())
              .text("epoch", epoch)
              .number("from", from)
              .number("to", to)
              .frame();
    };
  }

  private static byte[] subscribed(ServerEvent.Subscribed subscribed) {
    StreamPosition head = subscribed.head();
    JsonFrame frame =
        begin("subscribed")
            .text("channel", subscribed.channel().value())
            .text("epoch", head.epoch())
            .number("offset", head.offset());
    Boolean recovered = subscribed.recovered();
    if (recovered != null) {
      frame.truth("recovered", recovered);
    }
    return withRef(frame, subscribed.ref());
  }

  private static byte[] accepted(Published published, @Nullable String ref) {
    return withRef(
        begin("published")
            .text("channel", published.key().name().value())
            .text("messageId", published.id())
            .text("epoch", published.position().epoch())
            .number("offset", published.position().offset()),
        ref);
  }

  private static byte[] error(ServerEvent.Error error) {
    JsonFrame frame =
        begin("error")
            .text("error", error.refused().sentence())
            .text("code", error.refused().refusal().name());
    ChannelName channel = error.channel();
    if (channel != null) {
      frame.text("channel", channel.value());
    }
    return withRef(frame, error.ref());
  }

  private static byte[] withRef(JsonFrame frame, @Nullable String ref) {
    return ref == null ? frame.frame() : frame.text("ref", ref).frame();
  }

  private static JsonFrame begin(String type) {
    return new JsonFrame(type, CAPACITY_BYTES);
  }
}
