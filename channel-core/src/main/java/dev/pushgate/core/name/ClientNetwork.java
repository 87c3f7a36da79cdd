package dev.pushgate.core.name;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// What is counted of a client's address: all of an IPv4 address, and of an IPv6 address the first
/// half, for whoever has one has the whole /64. Stateless.
public final class ClientNetwork {
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /// @param address an IP address as text, without a zone; what is none is taken as it is
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == IPV6_BYTES
          ? HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES))
          : address;
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
