package dev.pushgate.auth;

/// The alphabet of keys and tokens (RFC 4648, section 5, without padding). Thread-safe.
final class Base64Url {
  private Base64Url() {}

  /// Whether all characters from `from` on are `A–Z a–z 0–9 _ -`.
  static boolean isAlphabet(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (!isInAlphabet(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInAlphabet(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
