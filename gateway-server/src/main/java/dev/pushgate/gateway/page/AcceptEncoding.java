package dev.pushgate.gateway.page;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads `Accept-Encoding` (RFC 9110, section 12.5.3). Stateless.
final class AcceptEncoding {
  private AcceptEncoding() {}

  /// Whether gzip is welcome: named, or covered by `*`, and not with a weight of zero.
  static boolean takesGzip(@Nullable String header) {
    if (header == null) {
      return false;
    }
    boolean any = false;
    for (String member : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = member.split(";", -1);
      switch (parts[0].strip()) {
        case "gzip", "x-gzip" -> {
          return isWanted(parts);
        }
        case "*" -> any = isWanted(parts);
        default -> {}
      }
    }
    return any;
  }

  /// A weight that cannot be read counts as none: a file without compression suits everybody.
  private static boolean isWanted(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        return parameter.matches("q=(1(\\.0{0,3})?|0\\.(?!0+$)\\d{1,3})");
      }
    }
    return true;
  }
}
