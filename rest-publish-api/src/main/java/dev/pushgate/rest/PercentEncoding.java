package dev.pushgate.rest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Percent-encoding (RFC 3986, section 2.1), strictly. Stateless.
final class PercentEncoding {
  private PercentEncoding() {}

  /// The decoded text; null when a `%` is not followed by two hexadecimal digits, or when what
  /// comes out is not UTF-8.
  ///
  /// @param plusIsBlank as in queries that forms write
  static @Nullable String decoded(String text, boolean plusIsBlank) {
    if (text.indexOf('%') < 0) {
      return plusIsBlank ? text.replace('+', ' ') : text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes.writeBytes(utf8(plusIsBlank && c == '+' ? ' ' : c));
        continue;
      }
      int value = i + 2 < text.length() ? octet(text.charAt(i + 1), text.charAt(i + 2)) : -1;
      if (value < 0) {
        return null;
      }
      bytes.write(value);
      i += 2;
    }
    return Utf8.text(bytes.toByteArray());
  }

  /// What is left unencoded is ASCII; anything else that a client sent is not lost, but becomes
  /// no name.
  private static byte[] utf8(char c) {
    return String.valueOf(c).getBytes(StandardCharsets.UTF_8);
  }

  private static int octet(char high, char low) {
    int h = high < 128 ? Character.digit(high, 16) : -1;
    int l = low < 128 ? Character.digit(low, 16) : -1;
    return h < 0 || l < 0 ? -1 : h << 4 | l;
  }
}
