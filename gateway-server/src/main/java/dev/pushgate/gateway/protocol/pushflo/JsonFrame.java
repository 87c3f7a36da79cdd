package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.gateway.net.websocket.ServerFrames;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/// Writes one JSON object into a WebSocket text frame, header and payload in one array.
/// Confined to its caller, used once.
final class JsonFrame {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes;
  private int end = ServerFrames.MAX_HEADER_BYTES;

  /// Begins an object with its `type`, which is plain ASCII, as are all names of fields.
  ///
  /// @param capacityBytes about how long the object will be
  JsonFrame(String type, int capacityBytes) {
    bytes = new byte[ServerFrames.MAX_HEADER_BYTES + capacityBytes];
    ascii("{\"type\":\"");
    ascii(type);
    put('"');
  }

  JsonFrame text(String name, String value) {
    name(name);
    quoted(value);
    return this;
  }

  JsonFrame number(String name, long value) {
    name(name);
    ascii(Long.toString(value));
    return this;
  }

  JsonFrame truth(String name, boolean value) {
    name(name);
    ascii(value ? "true" : "false");
    return this;
  }

  /// @param json one JSON value in UTF-8, taken over byte for byte
  JsonFrame raw(String name, byte[] json) {
    name(name);
    room(json.length);
    System.arraycopy(json, 0, bytes, end, json.length);
    end += json.length;
    return this;
  }

  /// A list of objects, each written by `writer` with this frame's own methods.
  <T> JsonFrame list(String name, List<T> items, BiConsumer<JsonFrame, T> writer) {
    name(name);
    put('[');
    for (int i = 0; i < items.size(); i++) {
      ascii(i == 0 ? "{" : ",{");
      writer.accept(this, items.get(i));
      put('}');
    }
    put(']');
    return this;
  }

  /// Ends the object and gives the whole frame.
  byte[] frame() {
    put('}');
    int payloadAt = ServerFrames.MAX_HEADER_BYTES;
    int start = ServerFrames.textHeaderBefore(bytes, payloadAt, end - payloadAt);
    return Arrays.copyOfRange(bytes, start, end);
  }

  private void name(String name) {
    ascii(bytes[end - 1] == '{' ? "\"" : ",\"");
    ascii(name);
    ascii("\":");
  }

  private void quoted(String value) {
    put('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        put('\\');
        put(c);
      } else if (c >= ' ' && c < 0x80) {
        put(c);
      } else if (c < ' ' || isLoneSurrogate(value, i)) {
        escape(c);
      } else {
        int character = value.codePointAt(i);
        utf8(character);
        i += Character.charCount(character) - 1;
      }
    }
    put('"');
  }

  /// Half a character cannot be written in UTF-8 (it would end the connection), but it can be
  /// spelled out.
  private static boolean isLoneSurrogate(String value, int i) {
    return Character.isSurrogate(value.charAt(i))
        && !Character.isSupplementaryCodePoint(value.codePointAt(i));
  }

  private void escape(char c) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      put(HEX[c >>> shift & 0xF]);
    }
  }

  private void utf8(int c) {
    if (c < 0x800) {
      put(0xC0 | c >>> 6);
    } else if (c < 0x10000) {
      put(0xE0 | c >>> 12);
      put(0x80 | (c >>> 6 & 0x3F));
    } else {
      put(0xF0 | c >>> 18);
      put(0x80 | (c >>> 12 & 0x3F));
      put(0x80 | (c >>> 6 & 0x3F));
    }
    put(0x80 | (c & 0x3F));
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[end++] = (byte) text.charAt(i);
    }
  }

  private void put(int b) {
    room(1);
    bytes[end++] = (byte) b;
  }

  private void room(int more) {
    if (more > bytes.length - end) {
      bytes = Arrays.copyOf(bytes, Math.max(end + more, bytes.length * 2));
    }
  }
}
