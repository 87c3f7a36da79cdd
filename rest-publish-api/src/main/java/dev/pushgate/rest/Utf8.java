package dev.pushgate.rest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// UTF-8, strictly. Stateless.
final class Utf8 {
  private Utf8() {}

  /// The text of these bytes; null when they are no UTF-8.
  static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /// The text of a header, which came with a character for each of its bytes; null when those are
  /// no UTF-8.
  static @Nullable String ofHeader(String value) {
    return text(value.getBytes(StandardCharsets.ISO_8859_1));
  }
}
