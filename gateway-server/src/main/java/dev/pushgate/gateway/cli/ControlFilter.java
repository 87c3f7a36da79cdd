package dev.pushgate.gateway.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// What lies between UTF-8 text of strangers and a terminal, which would obey it: control
/// characters, and those that change the direction of what follows, are written as `\u001b` is, as
/// JSON may write them. Line breaks and tabs pass. Confined to one thread at a time, as the streams
/// in front of it promise.
final class ControlFilter extends FilterOutputStream {
  private static final int DELETE = 0x7f;

  /// The bytes of a character that may be one of them, while it is not whole.
  private final byte[] begun = new byte[3];

  private int length;

  ControlFilter(OutputStream out) {
    super(out);
  }

  /// The text without control characters, line breaks and tabs included: for a line of its own, or
  /// a field of one.
  static String escaped(String text) {
    if (text.chars().noneMatch(ControlFilter::isControl)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.chars()
        .forEach(
            character -> {
              if (isControl(character)) {
                escaped.append(escape(character));
              } else {
                escaped.append((char) character);
              }
            });
    return escaped.toString();
  }

  /// C0, DEL, C1, line separators and what controls the direction of text (Unicode's Bidi_Control).
  private static boolean isControl(int character) {
    return character < 0x20
        || (character >= DELETE && character <= 0x9f)
        || character == 0x061c
        || character == 0x200e
        || character == 0x200f
        || (character >= 0x2028 && character <= 0x202e)
        || (character >= 0x2066 && character <= 0x2069);
  }

  private static String escape(int character) {
    return "\\u%04x".formatted(character);
  }

  @Override
  public void write(int value) throws IOException {
    int unsigned = value & 0xff;
    if (length == 0 && unsigned < 0x80) {
      character(unsigned);
    } else {
      begun[length++] = (byte) value;
      if (length == wanted(begun[0] & 0xff)) {
        whole();
      }
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    for (int i = offset; i < offset + count; i++) {
      write(bytes[i]);
    }
  }

  private void character(int ascii) throws IOException {
    if (isControl(ascii) && ascii != '\n' && ascii != '\t') {
      out.write(escape(ascii).getBytes(StandardCharsets.US_ASCII));
    } else {
      out.write(ascii);
    }
  }

  /// How many bytes to wait for; of four-byte characters none is a control.
  private static int wanted(int first) {
    return (first & 0xe0) == 0xc0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : 1;
  }

  private void whole() throws IOException {
    String text = new String(begun, 0, length, StandardCharsets.UTF_8);
    byte[] safe = escaped(text).getBytes(StandardCharsets.UTF_8);
    if (text.length() == 1 && isControl(text.charAt(0))) {
      out.write(safe);
    } else {
      out.write(begun, 0, length);
    }
    length = 0;
  }
}
