package dev.pushgate.rest.json;

/// Strict UTF-8 (RFC 3629, section 4): no overlong forms, no surrogates, nothing past U+10FFFF.
/// Stateless.
final class Utf8 {
  private Utf8() {}

  /// The length of the well-formed sequence of two to four bytes that begins at `at`, or 0 when
  /// what is there is none.
  static int sequenceLength(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0xC2 || lead > 0xF4) {
      return 0;
    }
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > end || !isSecond(lead, bytes[at + 1] & 0xFF)) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /// The second byte is where overlong forms (E0, F0), surrogates (ED) and too large code points
  /// (F4) show.
  private static boolean isSecond(int lead, int second) {
    int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= lowest && second <= highest;
  }
}
