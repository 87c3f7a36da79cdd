package dev.pushgate.gateway.protocol.pushflo;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// The fields of one JSON object that a caller knows, found by streaming over it; the others are
/// skipped. Confined to its caller.
final class FrameFields {
  /// How deeply arrays and objects may be nested in a frame.
  static final int MAX_DEPTH = 500;

  /// Strings, names and numbers are bounded by the frame that holds them. Text frames are UTF-8 and
  /// nothing else: no guessing by NULs.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// One value of the object.
  ///
  /// @param text a string's characters or a number's digits; null for everything else
  /// @param from where the value's first byte stands
  /// @param to behind the value's last byte
  /// @param repeated whether the object names this field more than once
  record Field(JsonToken token, @Nullable String text, int from, int to, boolean repeated) {}

  private final Map<String, Field> fields = new HashMap<>();

  private FrameFields() {}

  /// Reads the object in `json` from `from` to `to`.
  ///
  /// @param raw fields whose text is not wanted, only their place
  /// @return null when the JSON there is something else than an object
  /// @throws tools.jackson.core.JacksonException when it is not JSON, or too deep
  static @Nullable FrameFields read(
      byte[] json, int from, int to, Set<String> known, Set<String> raw) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json, from, to - from)) {
      FrameFields found = new FrameFields();
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        if (first == null) {
          throw new NoJsonException();
        }
        parser.skipChildren();
        requireEnd(parser);
        return null;
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (known.contains(name)) {
          found.keep(name, token, parser, from, !raw.contains(name));
        } else {
          parser.skipChildren();
        }
      }
      requireEnd(parser);
      return found;
    }
  }

  private static void requireEnd(JsonParser parser) {
    if (parser.nextToken() != null) {
      throw new NoJsonException();
    }
  }

  private void keep(String name, JsonToken token, JsonParser parser, int base, boolean wantsText) {
    int from = base + (int) parser.currentTokenLocation().getByteOffset();
    String text = null;
    if (wantsText && (token == JsonToken.VALUE_STRING || token.isNumeric())) {
      text = parser.getString();
    } else {
      parser.skipChildren();
      parser.finishToken();
    }
    int to = base + (int) parser.currentLocation().getByteOffset();
    fields.merge(
        name,
        new Field(token, text, from, to, false),
        (first, second) -> new Field(second.token, second.text, second.from, second.to, true));
  }

  /// The field of this name; null when the object has none.
  @Nullable Field get(String name) {
    return fields.get(name);
  }
}
