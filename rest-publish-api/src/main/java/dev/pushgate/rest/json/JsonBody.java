package dev.pushgate.rest.json;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// Reads a request's body, which must be one JSON object. Stateless.
public final class JsonBody {
  private static final String BODY = "body";

  private JsonBody() {}

  /// The object in `body`; refused with `INVALID_JSON` when it is not JSON, is too deep or has a
  /// key twice, and with `VALIDATION_ERROR` when it is JSON but no object.
  public static Outcome<JsonObject> read(byte[] body) {
    try {
      return JsonObject.ofBytes(body)
          .map(Outcome::done)
          .orElseGet(
              () -> Outcome.refused(Refusal.VALIDATION_ERROR, "The body must be a JSON object"));
    } catch (MalformedJson e) {
      return e.refused(BODY);
    }
  }

  /// The object in a value that was read as part of a body; refused as by [#read].
  public static Outcome<JsonObject> object(JsonValue value) {
    if (!value.isObject()) {
      return Outcome.refused(Refusal.VALIDATION_ERROR, "It must be a JSON object");
    }
    try {
      return Outcome.done(value.object());
    } catch (MalformedJson e) {
      return e.refused(BODY);
    }
  }
}
