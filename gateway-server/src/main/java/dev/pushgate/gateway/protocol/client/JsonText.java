package dev.pushgate.gateway.protocol.client;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/// JSON texts, one object deep: what lies below stays the text it is. Thread-safe.
public final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  /// A JSON value that is written as it is.
  public record Verbatim(String json) {}

  private JsonText() {}

  /// An object of strings, numbers, booleans, [Verbatim] values and nulls, in the map's order, on
  /// one line.
  public static String object(Map<String, ? extends @Nullable Object> properties) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      properties.forEach(
          (name, value) -> {
            json.writeName(name);
            write(json, value);
          });
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case Number number -> json.writeNumber(number.longValue());
      case Boolean bool -> json.writeBoolean(bool);
      case Verbatim verbatim -> json.writeRawValue(verbatim.json());
      default -> json.writeString(value.toString());
    }
  }

  /// The properties of an object, each value as the text that it is; empty when `text` is no
  /// object.
  public static Optional<Map<String, String>> properties(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Map<String, String> properties = new LinkedHashMap<>();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        properties.put(name, wholeValue(json, text));
      }
      return json.nextToken() == null ? Optional.of(properties) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// Whether `text` is one JSON value.
  public static boolean isValue(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == null) {
        return false;
      }
      wholeValue(json, text);
      return json.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String wholeValue(JsonParser json, String text) {
    int start = (int) json.currentTokenLocation().getCharOffset();
    json.skipChildren();
    json.finishToken();
    return text.substring(start, (int) json.currentLocation().getCharOffset());
  }

  /// The string in a JSON text such as `"a\nb"`; null when it is no string.
  public static @Nullable String string(@Nullable String value) {
    if (value == null || !value.startsWith("\"")) {
      return null;
    }
    try (JsonParser json = JSON.createParser(value)) {
      json.nextToken();
      return json.getString();
    }
  }

  /// The same JSON on one line: outside of strings a line break is a blank, and inside there is
  /// none.
  public static String onOneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }
}
