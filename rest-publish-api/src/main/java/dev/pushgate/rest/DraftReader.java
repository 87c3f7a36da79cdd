package dev.pushgate.rest;

import dev.pushgate.core.name.TextRule;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.rest.json.JsonValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads messages from bodies, by the field names of both publish calls: `event` is a synonym of
/// `eventType`, and `data` of `content`. Immutable.
final class DraftReader {
  /// What a message is made of, beside where it goes.
  static final KnownFields MESSAGE =
      KnownFields.of("data|content", "event|eventType", "clientId", "id");

  /// The same with where it goes.
  static final KnownFields ADDRESSED =
      KnownFields.of("channel|channels", "data|content", "event|eventType", "clientId", "id");

  private static final String DEFAULT_EVENT_TYPE = "message";
  private static final int MAX_NAME_LENGTH = PublishRequest.MAX_NAME_LENGTH;
  private static final String HEADER = "Idempotency-Key";

  private final int maxDataBytes;

  DraftReader(int maxDataBytes) {
    this.maxDataBytes = maxDataBytes;
  }

  /// The message in `fields`. Refused with all that is wrong, including what was noted in
  /// `fields` before.
  ///
  /// @param headerKey the idempotency key of the request's header, or null
  Outcome<Draft> read(Fields fields, @Nullable String headerKey) {
    String eventType = eventType(fields);
    String clientId = fields.text("clientId", 1, MAX_NAME_LENGTH);
    String key = key(fields, headerKey);
    JsonValue data = data(fields);
    if (!fields.valid() || data == null) {
      return fields.refused();
    }
    return data.length() > maxDataBytes
        ? tooLarge()
        : Outcome.done(
            new Draft(
                eventType == null ? DEFAULT_EVENT_TYPE : eventType, clientId, data.bytes(), key));
  }

  private static @Nullable String eventType(Fields fields) {
    String eventType = fields.text("eventType", 1, MAX_NAME_LENGTH);
    String event = fields.text("event", 1, MAX_NAME_LENGTH);
    if (fields.given("eventType") != null && fields.given("event") != null) {
      fields.problem("event", "is another name of eventType: give one of them");
    }
    return eventType == null ? event : eventType;
  }

  /// Any JSON value, also `null`.
  private static @Nullable JsonValue data(Fields fields) {
    JsonValue data = fields.any("data");
    JsonValue content = fields.any("content");
    if (data == null && content == null) {
      fields.problem("data", "is required (or content, which is the same)");
    }
    if (data != null && content != null) {
      fields.problem("content", "is another name of data: give one of them");
    }
    return data == null ? content : data;
  }

  /// The idempotency key of a request: its header's, or `id` in its body. Both are the same text to
  /// the last character, so a retry may say it the other way.
  ///
  /// @param header as it came
  static @Nullable String key(Fields fields, @Nullable String header) {
    String id = fields.text("id", 1, IdempotencyKey.MAX_LENGTH);
    if (header == null) {
      return id;
    }
    String key = Utf8.ofHeader(header);
    String broken =
        key == null ? "must be UTF-8" : TextRule.broken(key, 1, IdempotencyKey.MAX_LENGTH);
    if (broken != null) {
      fields.problem(HEADER, broken);
    } else if (id != null && !id.equals(key)) {
      fields.problem("id", "is not what the header " + HEADER + " says");
    }
    return key;
  }

  private Outcome<Draft> tooLarge() {
    String why = "must be at most " + maxDataBytes + " bytes";
    return new Outcome.Refused<>(
        Refusal.PAYLOAD_TOO_LARGE, "data " + why, Map.of("data", List.of(why)));
  }
}
