package dev.pushgate.rest.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of one JSON object; what is in them is left as it is. Immutable.
public final class JsonObject {
  /// How much of a key is quoted in a sentence, in characters.
  private static final int QUOTED_LENGTH = 40;

  private final Map<String, JsonValue> fields;

  private JsonObject(Map<String, JsonValue> fields) {
    this.fields = fields;
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
        throw new MalformedJson("the key \"" + shortened(name) + "\" appears twice");
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
