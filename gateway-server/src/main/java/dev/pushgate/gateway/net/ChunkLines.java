package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;

/// Watches the lines that stand before the chunks of one body (RFC 9112, section 7.1), as Netty's
/// decoder passes over them: it takes any extension for one, and any number of them. Confined to
/// the connection's event loop.
final class ChunkLines {
  /// What all extensions of a body may take together (RFC 9112, section 7.1.1).
  private static final int MAX_EXTENSION_BYTES = 8 * 1024;

  private enum Next {
    LINE,
    DATA,
    DATA_END,
    TRAILERS
  }

  private Next next = Next.LINE;
  private int left;
  private int extensionBytes;

  /// Whether trailers come now.
  boolean isBehindChunks() {
    return next == Next.TRAILERS;
  }

  /// Takes what the decoder has consumed: a line never in parts.
  ///
  /// @return whether the lines in it are good
  boolean take(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to && next != Next.TRAILERS) {
      switch (next) {
        case LINE -> {
          int end = bytes.indexOf(at, to, (byte) '\n');
          if (end < 0 || !line(bytes, at, end)) {
            return false;
          }
          at = end + 1;
        }
        case DATA -> at += pass(to - at, Next.DATA_END, 2);
        case DATA_END -> at += pass(to - at, Next.LINE, 0);
        case TRAILERS -> {}
      }
    }
    return true;
  }

  /// Passes over what is left of data or of the line end behind them.
  private int pass(int there, Next then, int thenLeft) {
    int passed = Math.min(there, left);
    left -= passed;
    if (left == 0) {
      next = then;
      left = thenLeft;
    }
    return passed;
  }

  /// `chunk-size [ chunk-ext ]`
  private boolean line(ByteBuf bytes, int from, int lineFeed) {
    int end = lineFeed > from && bytes.getByte(lineFeed - 1) == '\r' ? lineFeed - 1 : lineFeed;
    int at = from;
    int size = 0;
    for (; at < end && Character.digit(bytes.getByte(at), 16) >= 0; at++) {
      if (size > Integer.MAX_VALUE >> 4) {
        // Netty would take 100000000 for 0.
        return false;
      }
      size = size << 4 | Character.digit(bytes.getByte(at), 16);
    }
    extensionBytes += end - at;
    if (at == from || extensionBytes > MAX_EXTENSION_BYTES) {
      return false;
    }
    next = size == 0 ? Next.TRAILERS : Next.DATA;
    left = size;
    return ChunkExtensions.isWellFormed(bytes, at, end);
  }
}
