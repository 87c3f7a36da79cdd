package dev.pushgate.gateway.net;

/// Percent-encoding (RFC 3986, section 2.1). Stateless.
final class PercentEncoding {
  private static final int TRIPLET = 3;

  private PercentEncoding() {}

  /// A path in its normal form (RFC 3986, section 6.2.2.2; RFC 9110, section 4.2.3): what need not
  /// be encoded is not, so that a path has one spelling. What must be, `%25` too, stays encoded: so
  /// whoever decodes the rest decodes nothing twice. A path with a `%` that begins nothing is given
  /// back as it is.
  static String normalized(String path) {
    int percent = path.indexOf('%');
    if (percent < 0) {
      return path;
    }
    StringBuilder normal = new StringBuilder(path.length());
    int copied = 0;
    for (; percent >= 0; percent = path.indexOf('%', percent + TRIPLET)) {
      if (!isTriplet(path, percent, path.length())) {
        return path;
      }
      char decoded = (char) Integer.parseInt(path, percent + 1, percent + TRIPLET, 16);
      if (isUnreserved(decoded)) {
        normal.append(path, copied, percent).append(decoded);
        copied = percent + TRIPLET;
      }
    }
    return normal.append(path, copied, path.length()).toString();
  }

  /// Whether `%` and two hexadecimal digits stand at `at`, before `end`.
  static boolean isTriplet(String text, int at, int end) {
    return at + TRIPLET <= end
        && text.charAt(at) == '%'
        && isHex(text.charAt(at + 1))
        && isHex(text.charAt(at + 2));
  }

  /// RFC 3986, section 2.3.
  static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }

  static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
