package dev.pushgate.rest.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One value of a document: a slice of the bytes it came in, known to be valid JSON. Decoded only
/// when asked. Immutable, as long as nobody writes to those bytes.
public final class JsonValue {
  private final byte[] json;
  private final int start;
  private final int end;

  JsonValue(byte[] json, int start, int end) {
    this.json = json;
    this.start = start;
    this.end = end;
  }

  /// The one value in bytes that are known to be UTF-8.
  ///
  /// @throws MalformedJson when they are not JSON, or too deep
  public static JsonValue ofText(byte[] utf8) throws MalformedJson {
    JsonScanner scanner = JsonScanner.ofText(utf8, 0, utf8.length);
    scanner.begin();
    int start = scanner.at();
    scanner.skipValue(0);
    int end = scanner.at();
    scanner.finish();
    return new JsonValue(utf8, start, end);
  }

  public boolean isObject() {
    return json[start] == '{';
  }

  public boolean isArray() {
    return json[start] == '[';
  }

  public boolean isString() {
    return json[start] == '"';
  }

  public boolean isNull() {
    return json[start] == 'n';
  }

  public boolean isBoolean() {
    return json[start] == 't' || json[start] == 'f';
  }

  /// Of a boolean.
  public boolean isTrue() {
    return json[start] == 't';
  }

  /// How many bytes this value has, as it was written.
  public int length() {
    return end - start;
  }

  /// This value as it was written. A copy.
  public byte[] bytes() {
    return Arrays.copyOfRange(json, start, end);
  }

  /// This value as it was written.
  public String source() {
    return new String(json, start, end - start, StandardCharsets.UTF_8);
  }

  /// What a string says. It may hold anything that JSON can escape, also NUL and half of a
  /// surrogate pair.
  public String text() {
    String quoted = new String(json, start + 1, end - start - 2, StandardCharsets.UTF_8);
    return quoted.indexOf('\\') < 0 ? quoted : unescaped(quoted);
  }

  /// The fields of an object.
  ///
  /// @throws MalformedJson when a key appears twice
  public JsonObject object() throws MalformedJson {
    return JsonObject.read(JsonScanner.ofText(json, start, end), json);
  }

  /// The elements of an array.
  ///
  /// @param max no more than this and one are looked at, so that whoever gets one too many knows
  public List<JsonValue> elements(int max) {
    List<JsonValue> elements = new ArrayList<>();
    JsonScanner scanner = JsonScanner.ofText(json, start + 1, end - 1);
    try {
      scanner.skipBlanks();
      while (!scanner.atEnd() && elements.size() <= max) {
        int from = scanner.at();
        scanner.skipValue(1);
        elements.add(new JsonValue(json, from, scanner.at()));
        scanner.skipBlanks();
        scanner.take(',');
        scanner.skipBlanks();
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("it was valid when the body was read", e);
    }
    return elements;
  }

  private static String unescaped(String quoted) {
    StringBuilder text = new StringBuilder(quoted.length());
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = quoted.charAt(++i);
      if (escape == 'u') {
        text.append((char) Integer.parseInt(quoted, i + 1, i + 5, 16));
        i += 4;
      } else {
        text.append(meaning(escape));
      }
    }
    return text.toString();
  }

  private static char meaning(char escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escape;
    };
  }
}
