package dev.pushgate.gateway.net;

import io.netty.util.NetUtil;

/// The grammar of `Host` and of an absolute target's authority: `uri-host [ ":" port ]` (RFC 9110,
/// section 7.2; RFC 3986, section 3.2.2). It ends up in what clients are told to connect to, so
/// nothing else may be slipped in with it. Stateless.
final class HostAndPort {
  private static final int MAX_LENGTH = 255 + ":65535".length();
  private static final int MAX_PORT = 65_535;
  private static final String SUB_DELIMS = "!$&'()*+,;=";

  private HostAndPort() {}

  /// Whether this is a host, perhaps with a port. An empty one is none.
  static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    int end = text.startsWith("[") ? text.indexOf(']') + 1 : endOfName(text);
    return end > 0
        && (end == text.length() || isPort(text, end))
        && (text.startsWith("[") ? isLiteral(text.substring(1, end - 1)) : isName(text, end));
  }

  private static int endOfName(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text.length() : colon;
  }

  /// `":" *DIGIT`: no digit at all is the scheme's own port.
  private static boolean isPort(String text, int colon) {
    int port = 0;
    for (int i = colon + 1; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return false;
      }
      port = Math.min(MAX_PORT + 1, port * 10 + digit - '0');
    }
    return text.charAt(colon) == ':' && port <= MAX_PORT;
  }

  /// A registered name, or an IPv4 address, which looks like one.
  private static boolean isName(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '%' ? !PercentEncoding.isTriplet(text, i, end) : !isNameCharacter(c)) {
        return false;
      }
      i += c == '%' ? 2 : 0;
    }
    return true;
  }

  private static boolean isNameCharacter(char c) {
    return PercentEncoding.isUnreserved(c) || SUB_DELIMS.indexOf(c) >= 0;
  }

  /// What stands in brackets: an IPv6 address (without a zone, which is the sender's own affair),
  /// or an address of a version to come.
  private static boolean isLiteral(String text) {
    return text.startsWith("v") || text.startsWith("V")
        ? isFuture(text)
        : text.chars().allMatch(c -> c == ':' || c == '.' || PercentEncoding.isHex((char) c))
            && NetUtil.isValidIpV6Address(text);
  }

  private static boolean isFuture(String text) {
    int dot = text.indexOf('.');
    return dot > 1
        && dot + 1 < text.length()
        && text.substring(1, dot).chars().allMatch(c -> PercentEncoding.isHex((char) c))
        && text.substring(dot + 1).chars().allMatch(c -> c == ':' || isNameCharacter((char) c));
  }
}
