package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;

/// Reads the extensions of a chunk, which mean nothing here, for whether they are some:
/// `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )` (RFC 9112, section 7.1.1).
/// Confined to one call.
final class ChunkExtensions {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final int END = -1;

  private final ByteBuf bytes;
  private final int end;
  private int at;

  private ChunkExtensions(ByteBuf bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /// @param end where the line ends, its line end apart
  static boolean isWellFormed(ByteBuf bytes, int from, int end) {
    return new ChunkExtensions(bytes, from, end).read();
  }

  private boolean read() {
    while (at < end) {
      if (peekBehindBlanks() != ';' || !token(1) || (isValueNext() && !value())) {
        return false;
      }
    }
    return true;
  }

  /// Blanks that nothing follows belong to no value: they are left, and refused as no extension.
  private boolean isValueNext() {
    int begin = at;
    boolean isNext = peekBehindBlanks() == '=';
    at = isNext ? at : begin;
    return isNext;
  }

  private boolean value() {
    at++;
    return peekBehindBlanks() == '"' ? quoted() : token(0);
  }

  /// @param before how many characters stand before it, and before blanks
  private boolean token(int before) {
    at += before;
    peekBehindBlanks();
    int begin = at;
    while (isTokenCharacter(peek())) {
      at++;
    }
    return at > begin;
  }

  private boolean quoted() {
    at++;
    for (int c = peek(); c != '"'; c = peek()) {
      at += c == '\\' ? 1 : 0;
      if (!isText(peek())) {
        return false;
      }
      at++;
    }
    at++;
    return true;
  }

  private int peek() {
    return at < end ? bytes.getUnsignedByte(at) : END;
  }

  private int peekBehindBlanks() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
    return peek();
  }

  private static boolean isText(int c) {
    return c == '\t' || (c >= ' ' && c != 0x7f);
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c > ' ' && TOKEN_MARKS.indexOf(c) >= 0);
  }
}
