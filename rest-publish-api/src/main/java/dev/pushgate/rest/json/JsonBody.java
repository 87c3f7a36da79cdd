package dev.pushgate.rest.json;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// Reads a request's body, which must be one JSON object. Stateless.
public final class JsonBody {
  private JsonBody() {}

  /// The object in `body`; refused with `INVALID_JSON` when it is not JSON or has a key twice,
  /// and with `VALIDATION_ERROR` when it is JSON but no object.
  public static Outcome<JsonObject> read(byte[] body) {
    try {
      return readWhole(body);
    } catch (MalformedJson e) {
      return malformed(e);
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
      return malformed(e);
    }
  }

  private static Outcome<JsonObject> readWhole(byte[] body) throws MalformedJson {
    JsonScanner scanner = new JsonScanner(body, 0, body.length);
    scanner.skipBlanks();
    if (scanner.atEnd()) {
      throw new MalformedJson("it is empty");
    }
    if (scanner.peek() == '{') {
      JsonObject object = JsonObject.read(scanner, body);
      expectEnd(scanner);
      return Outcome.done(object);
    }
    scanner.skipValue(0);
    expectEnd(scanner);
    return Outcome.refused(Refusal.VALIDATION_ERROR, "The body must be a JSON object");
  }

  private static void expectEnd(JsonScanner scanner) throws MalformedJson {
    scanner.skipBlanks();
    if (!scanner.atEnd()) {
      throw scanner.unexpected("nothing more");
    }
  }

  private static Outcome<JsonObject> malformed(MalformedJson e) {
    return Outcome.refused(Refusal.INVALID_JSON, "The body is not valid JSON: " + e.getMessage());
  }
}
