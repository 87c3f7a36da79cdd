package dev.pushgate.gateway.protocol.client;

import dev.pushgate.rest.json.JsonObject;
import dev.pushgate.rest.json.JsonValue;
import dev.pushgate.rest.json.MalformedJson;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/// JSON texts, one object deep: what lies below stays the text it is. Thread-safe.
public final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  /// A JSON value that is written as it is.
  public record Verbatim(String json) {}

  private JsonText() {}

  /// An object of strings, numbers, booleans, [Verbatim] values, lists of such and nulls, in the
  /// map's order, on one line.
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
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(element -> write(json, element));
        json.writeEndArray();
      }
      case Verbatim verbatim -> json.writeRawValue(verbatim.json());
      default -> json.writeString(value.toString());
    }
  }

  /// The properties of an object, each value as the text that it is; empty when `text` is no
  /// object.
  public static Optional<Map<String, String>> properties(String text) {
    try {
      return JsonObject.ofText(utf8(text)).map(JsonText::sources);
    } catch (MalformedJson e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> sources(JsonObject object) {
    Map<String, String> sources = new LinkedHashMap<>();
    object.fields().forEach((name, value) -> sources.put(name, value.source()));
    return sources;
  }

  /// Whether `text` is one JSON value.
  public static boolean isValue(String text) {
    return value(text) != null;
  }

  /// The string in a JSON text such as `"a\nb"`; null when it is no string.
  public static @Nullable String string(@Nullable String text) {
    JsonValue value = text == null ? null : value(text);
    return value == null || !value.isString() ? null : value.text();
  }

  private static @Nullable JsonValue value(String text) {
    try {
      return JsonValue.ofText(utf8(text));
    } catch (MalformedJson e) {
      return null;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The same JSON on one line: outside of strings a line break is a blank, and inside there is
  /// none.
  public static String onOneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }
}
