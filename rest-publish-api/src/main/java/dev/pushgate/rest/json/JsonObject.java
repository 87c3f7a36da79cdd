package dev.pushgate.rest.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of one JSON object; what is in them is left as it is. Immutable.
public final class JsonObject {
  /// How much of a key is quoted in a sentence, in characters.
  private static final int QUOTED_LENGTH = 40;

  private final Map<String, JsonValue> fields;

  private JsonObject(Map<String, JsonValue> fields) {
    this.fields = fields;
  }

  /// The object in bytes as they came; empty when there is some other JSON in them.
  ///
  /// @throws MalformedJson when they are not JSON in UTF-8, are too deep or have a key twice
  public static Optional<JsonObject> ofBytes(byte[] bytes) throws MalformedJson {
    return whole(JsonScanner.ofBytes(bytes), bytes);
  }

  /// The same of bytes that are known to be UTF-8.
  public static Optional<JsonObject> ofText(byte[] utf8) throws MalformedJson {
    return whole(JsonScanner.ofText(utf8, 0, utf8.length), utf8);
  }

  private static Optional<JsonObject> whole(JsonScanner scanner, byte[] json) throws MalformedJson {
    scanner.begin();
    JsonObject object = null;
    if (scanner.peek() == '{') {
      object = read(scanner, json);
    } else {
      scanner.skipValue(0);
    }
    scanner.finish();
    return Optional.ofNullable(object);
  }

  /// The field of this name; null when it is not there. A JSON `null` that is there is a value.
  public @Nullable JsonValue get(String name) {
    return fields.get(name);
  }

  /// All fields in their order.
  public Map<String, JsonValue> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /// @param scanner stands at the opening brace
  static JsonObject read(JsonScanner scanner, byte[] json) throws MalformedJson {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    scanner.expect('{');
    scanner.skipBlanks();
    if (scanner.take('}')) {
      return new JsonObject(fields);
    }
    do {
      String name = key(scanner, json);
      int start = scanner.at();
      scanner.skipValue(1);
      if (fields.put(name, new JsonValue(json, start, scanner.at())) != null) {
        throw MalformedJson.byRule("the key \"" + shortened(name) + "\" appears twice");
      }
      scanner.skipBlanks();
    } while (scanner.take(','));
    scanner.expect('}');
    return new JsonObject(fields);
  }

  private static String key(JsonScanner scanner, byte[] json) throws MalformedJson {
    scanner.skipBlanks();
    int start = scanner.at();
    scanner.skipKey();
    String key = new JsonValue(json, start, scanner.at()).text();
    scanner.skipColon();
    return key;
  }

  private static String shortened(String name) {
    return name.length() <= QUOTED_LENGTH ? name : name.substring(0, QUOTED_LENGTH) + "…";
  }
}
