package dev.pushgate.gateway.net;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;

/// What is counted of a client's address: all of an IPv4 address, and of an IPv6 address the first
/// half, for whoever has one has the whole /64. Stateless.
public final class ClientNetwork {
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /// @param address as [ClientOrigin#remoteAddress] gives it
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null || bytes.length != IPV6_BYTES
        ? address
        : HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
  }
}
