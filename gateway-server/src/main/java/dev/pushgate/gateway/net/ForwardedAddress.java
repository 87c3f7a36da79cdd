package dev.pushgate.gateway.net;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/// Reads an entry of `X-Forwarded-For` as proxies write them: an address alone or with a port, in
/// brackets or quotes, with a zone. Stateless.
final class ForwardedAddress {
  private ForwardedAddress() {}

  /// The address in an entry, without port, quotes and zone: 4 or 16 bytes; null when there is
  /// none.
  static byte @Nullable [] in(String entry) {
    String plain = unquoted(entry.strip());
    String address = plain.startsWith("[") ? bracketed(plain) : withoutPort(plain);
    int zone = address.indexOf('%');
    boolean hasZone = zone > 0 && zone < address.length() - 1 && address.indexOf(':') >= 0;
    if (zone >= 0 && !hasZone) {
      return null;
    }
    String bare = hasZone ? address.substring(0, zone) : address;
    return bare.startsWith("[") ? null : NetUtil.createByteArrayFromIpAddressString(bare);
  }

  private static String unquoted(String text) {
    int last = text.length() - 1;
    return last > 0 && text.charAt(0) == '"' && text.charAt(last) == '"'
        ? text.substring(1, last)
        : text;
  }

  /// What stands in brackets, if nothing but a port stands behind them; else nothing.
  private static String bracketed(String text) {
    int end = text.indexOf(']');
    return end > 0 && isPortOrNothing(text, end + 1) ? text.substring(1, end) : "";
  }

  /// An IPv6 address has more than one colon, and without brackets no port.
  private static String withoutPort(String text) {
    int colon = text.indexOf(':');
    boolean isOnlyOne = colon > 0 && colon == text.lastIndexOf(':');
    return isOnlyOne && isPortOrNothing(text, colon) ? text.substring(0, colon) : text;
  }

  private static boolean isPortOrNothing(String text, int at) {
    return at == text.length()
        || (text.charAt(at) == ':'
            && at + 1 < text.length()
            && text.substring(at + 1).chars().allMatch(c -> c >= '0' && c <= '9'));
  }
}
