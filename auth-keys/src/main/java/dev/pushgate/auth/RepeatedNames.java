package dev.pushgate.auth;

import com.nimbusds.jose.shaded.gson.stream.JsonReader;
import com.nimbusds.jose.shaded.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// Whether an object in JSON has a name twice. Whoever parses it takes the one or the other, and
/// who signed a token may have meant the other (RFC 7519, section 4). Stateless.
final class RepeatedNames {
  private RepeatedNames() {}

  /// True also for what is no JSON.
  ///
  /// @param json of bounded length
  static boolean in(String json) {
    Deque<Set<String>> open = new ArrayDeque<>();
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      while (reader.peek() != JsonToken.END_DOCUMENT) {
        if (!step(reader, open)) {
          return true;
        }
      }
      return false;
    } catch (IOException | IllegalStateException e) {
      return true;
    }
  }

  /// @return false when the name that comes was there before
  private static boolean step(JsonReader reader, Deque<Set<String>> open) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        reader.beginObject();
        open.push(new HashSet<>());
      }
      case END_OBJECT -> {
        reader.endObject();
        open.pop();
      }
      case BEGIN_ARRAY -> reader.beginArray();
      case END_ARRAY -> reader.endArray();
      case NAME -> {
        return open.getFirst().add(reader.nextName());
      }
      case STRING, NUMBER, BOOLEAN, NULL, END_DOCUMENT -> reader.skipValue();
    }
    return true;
  }
}
