package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.auth.Secret;
import dev.pushgate.auth.TokenVerifier;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.gateway.session.ClientCommand;
import dev.pushgate.rest.Fields;
import dev.pushgate.rest.KnownFields;
import dev.pushgate.rest.json.JsonObject;
import dev.pushgate.rest.json.JsonValue;
import dev.pushgate.rest.json.MalformedJson;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what PushFlo clients send: one JSON object a frame, its fields in any order, fields it
/// does not know passed over, but for those that are misspelt. Immutable.
final class PushFloCommands {
  private static final String DEFAULT_EVENT_TYPE = "message";

  /// Longer than any that there is. It bounds what is looked at, and what is said about it.
  private static final int MAX_WORD_LENGTH = 128;

  private static final KnownFields PING = known();
  private static final KnownFields ACK = known("messageId");
  private static final KnownFields AUTH = known("token");
  private static final KnownFields SUBSCRIBE =
      known("channel", "since", "rewind", "presence", "info");
  private static final KnownFields UNSUBSCRIBE = known("channel");
  private static final KnownFields PRESENCE = known("channel", "info");
  private static final KnownFields PUBLISH = known("channel", "eventType", "data", "id");

  private static final Outcome.Refused<?> NO_OBJECT =
      new Outcome.Refused<>(Refusal.VALIDATION_ERROR, "A frame must be a JSON object");

  private final int maxDataBytes;
  private final StartReader starts;

  PushFloCommands(int maxDataBytes, int maxRewind) {
    this.maxDataBytes = maxDataBytes;
    this.starts = new StartReader(maxRewind);
  }

  /// @param text known to be UTF-8
  ClientCommand decode(byte[] text) {
    try {
      Optional<JsonObject> frame = JsonObject.ofText(text);
      return frame.isPresent()
          ? command(new Fields(frame.get()))
          : new ClientCommand.Unknown(NO_OBJECT, null);
    } catch (MalformedJson e) {
      Outcome.Refused<?> refused = e.refused("frame");
      return e.isJson()
          ? new ClientCommand.Malformed(refused, null, null)
          : new ClientCommand.Unreadable(refused);
    }
  }

  private ClientCommand command(Fields fields) {
    String ref = fields.text("ref", 0, ClientCommand.MAX_REF_LENGTH);
    if (!fields.valid()) {
      return malformed(fields, null, null);
    }
    String type = fields.requiredText("type", 1, MAX_WORD_LENGTH);
    if (type == null) {
      return new ClientCommand.Unknown(fields.refused(), ref);
    }
    return switch (type) {
      case "ping" -> ping(fields.noneMisspelt(PING), ref);
      case "ack" -> ack(fields.noneMisspelt(ACK), ref);
      case "subscribe" -> subscribe(fields.noneMisspelt(SUBSCRIBE), ref);
      case "unsubscribe" -> unsubscribe(fields.noneMisspelt(UNSUBSCRIBE), ref);
      case "publish" -> publish(fields.noneMisspelt(PUBLISH), ref);
      case "presence" -> presence(fields.noneMisspelt(PRESENCE), ref);
      case "auth" -> auth(fields.noneMisspelt(AUTH), ref);
      default ->
          new ClientCommand.Unknown(
              (Outcome.Refused<?>) Outcome.invalid("type", "is none that this server knows"), ref);
    };
  }

  private static KnownFields known(String... own) {
    return KnownFields.of(
        Stream.concat(Stream.of("type", "ref"), Stream.of(own)).toArray(String[]::new));
  }

  private static ClientCommand ping(Fields fields, @Nullable String ref) {
    return fields.valid() ? new ClientCommand.Ping(ref) : malformed(fields, null, ref);
  }

  private static ClientCommand ack(Fields fields, @Nullable String ref) {
    String messageId = fields.requiredText("messageId", 1, MAX_WORD_LENGTH);
    return messageId == null || !fields.valid()
        ? malformed(fields, null, ref)
        : new ClientCommand.Ack(ref);
  }

  private static ClientCommand auth(Fields fields, @Nullable String ref) {
    String token = fields.requiredText("token", 1, TokenVerifier.MAX_LENGTH);
    return token == null || !fields.valid()
        ? malformed(fields, null, ref)
        : new ClientCommand.Auth(new Secret(token), ref);
  }

  private ClientCommand subscribe(Fields fields, @Nullable String ref) {
    ChannelName channel = fields.requiredChannel("channel");
    Start start = starts.read(fields);
    ClientCommand.Presence presence = PresenceReader.wish(fields);
    return channel == null || start == null || !fields.valid()
        ? malformed(fields, channel, ref)
        : new ClientCommand.Subscribe(channel, start, presence, ref);
  }

  private static ClientCommand presence(Fields fields, @Nullable String ref) {
    ChannelName channel = fields.requiredChannel("channel");
    String info = PresenceReader.requiredInfo(fields);
    return channel == null || info == null || !fields.valid()
        ? malformed(fields, channel, ref)
        : new ClientCommand.UpdatePresence(channel, info, ref);
  }

  private static ClientCommand unsubscribe(Fields fields, @Nullable String ref) {
    ChannelName channel = fields.requiredChannel("channel");
    return channel == null || !fields.valid()
        ? malformed(fields, channel, ref)
        : new ClientCommand.Unsubscribe(channel, ref);
  }

  private ClientCommand publish(Fields fields, @Nullable String ref) {
    ChannelName channel = fields.requiredChannel("channel");
    String eventType = fields.text("eventType", 1, PublishRequest.MAX_NAME_LENGTH);
    String id = fields.text("id", 1, IdempotencyKey.MAX_LENGTH);
    JsonValue data = fields.any("data");
    if (data == null) {
      fields.problem("data", Fields.REQUIRED);
    }
    if (!fields.valid() || channel == null || data == null) {
      return malformed(fields, channel, ref);
    }
    return data.length() > maxDataBytes
        ? new ClientCommand.Malformed(tooLong(), channel, ref)
        : new ClientCommand.Publish(
            channel, eventType == null ? DEFAULT_EVENT_TYPE : eventType, data.bytes(), id, ref);
  }

  private Outcome.Refused<?> tooLong() {
    return new Outcome.Refused<>(
        Refusal.PAYLOAD_TOO_LARGE, "data must be at most " + maxDataBytes + " bytes");
  }

  private static ClientCommand malformed(
      Fields fields, @Nullable ChannelName channel, @Nullable String ref) {
    return new ClientCommand.Malformed(fields.refused(), channel, ref);
  }
}
