package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.gateway.session.ClientCommand;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/// Reads what PushFlo clients send: one JSON object a frame, its fields in any order, fields it
/// does not know passed over. Immutable.
final class PushFloCommands {
  private static final Set<String> KNOWN =
      Set.of("type", "channel", "ref", "since", "rewind", "eventType", "data", "id", "messageId");
  private static final Set<String> RAW = Set.of("since", "data");
  private static final String DEFAULT_EVENT_TYPE = "message";

  private static final Outcome.Refused<?> NOT_JSON =
      new Outcome.Refused<>(Refusal.INVALID_JSON, "The frame is not valid JSON");
  private static final Outcome.Refused<?> TOO_DEEP =
      new Outcome.Refused<>(
          Refusal.VALIDATION_ERROR,
          "The frame is nested deeper than " + FrameFields.MAX_DEPTH + " levels");
  private static final Outcome.Refused<?> NO_OBJECT =
      new Outcome.Refused<>(Refusal.VALIDATION_ERROR, "A frame must be a JSON object");

  private final int maxDataBytes;
  private final int maxRewind;

  PushFloCommands(int maxDataBytes, int maxRewind) {
    this.maxDataBytes = maxDataBytes;
    this.maxRewind = maxRewind;
  }

  ClientCommand decode(byte[] text) {
    FrameFields fields;
    try {
      fields = FrameFields.read(text, 0, text.length, KNOWN, RAW);
    } catch (StreamConstraintsException e) {
      return new ClientCommand.Malformed(TOO_DEEP, null, null);
    } catch (JacksonException e) {
      return new ClientCommand.Unreadable(NOT_JSON);
    }
    return fields == null ? new ClientCommand.Unknown(NO_OBJECT, null) : command(text, fields);
  }

  private ClientCommand command(byte[] text, FrameFields fields) {
    FieldReader reader = new FieldReader(text, fields);
    String ref = reader.optional("ref", 0, ClientCommand.MAX_REF_LENGTH);
    if (reader.problem() != null) {
      return malformed(reader, null, null);
    }
    String type = reader.required("type", Integer.MAX_VALUE);
    if (type == null) {
      return new ClientCommand.Unknown(reader.requireProblem(), ref);
    }
    return switch (type) {
      case "ping" -> new ClientCommand.Ping(ref);
      case "ack" -> ack(reader, ref);
      case "subscribe" -> subscribe(reader, ref);
      case "unsubscribe" -> unsubscribe(reader, ref);
      case "publish" -> publish(text, reader, ref);
      default ->
          new ClientCommand.Unknown(
              (Outcome.Refused<?>) Outcome.invalid("type", "is none that this server knows"), ref);
    };
  }

  private static ClientCommand ack(FieldReader reader, @Nullable String ref) {
    return reader.required("messageId", Integer.MAX_VALUE) == null
        ? malformed(reader, null, ref)
        : new ClientCommand.Ack(ref);
  }

  private ClientCommand subscribe(FieldReader reader, @Nullable String ref) {
    ChannelName channel = reader.channel();
    if (channel == null) {
      return malformed(reader, null, ref);
    }
    var start = new StartReader(reader, maxRewind).read();
    return start == null
        ? malformed(reader, channel, ref)
        : new ClientCommand.Subscribe(channel, start, ref);
  }

  private static ClientCommand unsubscribe(FieldReader reader, @Nullable String ref) {
    ChannelName channel = reader.channel();
    return channel == null
        ? malformed(reader, null, ref)
        : new ClientCommand.Unsubscribe(channel, ref);
  }

  private ClientCommand publish(byte[] text, FieldReader reader, @Nullable String ref) {
    ChannelName channel = reader.channel();
    if (channel == null) {
      return malformed(reader, null, ref);
    }
    String eventType = reader.optional("eventType", 1, PublishRequest.MAX_NAME_LENGTH);
    String id = reader.optional("id", 1, IdempotencyKey.MAX_LENGTH);
    FrameFields.Field data = reader.once("data");
    if (data == null && reader.problem() == null) {
      reader.fault("data", "is required");
    }
    if (reader.problem() != null || data == null) {
      return malformed(reader, channel, ref);
    }
    if (data.to() - data.from() > maxDataBytes) {
      var refused =
          new Outcome.Refused<>(
              Refusal.PAYLOAD_TOO_LARGE, "data is longer than " + maxDataBytes + " bytes");
      return new ClientCommand.Malformed(refused, channel, ref);
    }
    return new ClientCommand.Publish(
        channel,
        eventType == null ? DEFAULT_EVENT_TYPE : eventType,
        Arrays.copyOfRange(text, data.from(), data.to()),
        id,
        ref);
  }

  private static ClientCommand malformed(
      FieldReader reader, @Nullable ChannelName channel, @Nullable String ref) {
    return new ClientCommand.Malformed(reader.requireProblem(), channel, ref);
  }
}
