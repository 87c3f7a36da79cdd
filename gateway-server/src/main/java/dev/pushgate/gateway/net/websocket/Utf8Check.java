package dev.pushgate.gateway.net.websocket;

/// Checks UTF-8 as it arrives, in pieces that may end inside a character: no overlong forms, no
/// surrogates, nothing above U+10FFFF (RFC 3629, section 4). Confined to its caller.
final class Utf8Check {
  private int missing;
  private int low = 0x80;
  private int high = 0xBF;

  /// Goes on with the next piece; false when no continuation could make it valid.
  boolean accepts(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int b = bytes[i++];
      if (missing == 0) {
        if (b < 0 && !begins(b & 0xFF)) {
          return false;
        }
      } else if (!continues(b & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /// Whether what has arrived ends with a whole character.
  boolean isComplete() {
    return missing == 0;
  }

  void reset() {
    missing = 0;
    low = 0x80;
    high = 0xBF;
  }

  private boolean continues(int b) {
    if (b < low || b > high) {
      return false;
    }
    missing--;
    low = 0x80;
    high = 0xBF;
    return true;
  }

  /// The first byte says how many follow and, for four of them, narrows what the second may be.
  private boolean begins(int b) {
    if (b >= 0xC2 && b <= 0xDF) {
      missing = 1;
    } else if (b >= 0xE0 && b <= 0xEF) {
      missing = 2;
      low = b == 0xE0 ? 0xA0 : 0x80;
      high = b == 0xED ? 0x9F : 0xBF;
    } else if (b >= 0xF0 && b <= 0xF4) {
      missing = 3;
      low = b == 0xF0 ? 0x90 : 0x80;
      high = b == 0xF4 ? 0x8F : 0xBF;
    } else {
      return false;
    }
    return true;
  }
}
