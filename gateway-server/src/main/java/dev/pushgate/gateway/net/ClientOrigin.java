package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ClientNetwork;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who a client is and under which address it reaches this server, perhaps through a proxy.
/// Thread-safe.
public final class ClientOrigin {
  private static final Logger log = LoggerFactory.getLogger(ClientOrigin.class);
  private static final String FORWARDED_FOR = "x-forwarded-for";
  private static final String FORWARDED_PROTO = "x-forwarded-proto";
  private static final int MAX_LOGGED_LENGTH = 64;

  private final boolean trustForwarded;
  private final @Nullable String publicOrigin;
  private final AtomicBoolean told = new AtomicBoolean();

  /// @param trustForwarded whether exactly one proxy stands in front, whose `X-Forwarded-For` and
  ///     `X-Forwarded-Proto` are believed. Without one, any client could write these headers.
  /// @param publicOrigin `http(s)://host[:port]` when the operator fixed it; null to take it from
  ///     the request
  public ClientOrigin(boolean trustForwarded, @Nullable String publicOrigin) {
    this.trustForwarded = trustForwarded;
    this.publicOrigin = publicOrigin;
  }

  /// The client's IP address as text, in the one form that it has (RFC 5952); an IPv4 address that
  /// comes as IPv6 (`::ffff:192.0.2.1`) as the IPv4 address it is. Of several forwarded addresses
  /// the last: the proxy wrote that one, all before it are the client's own claims. One that is
  /// none ([ForwardedAddress]) is passed over, and said once in the log: all its clients have the
  /// proxy's address then.
  String remoteAddress(SocketAddress peer, HttpHeaders headers) {
    if (trustForwarded) {
      String last = lastOf(headers, FORWARDED_FOR);
      byte[] forwarded = ForwardedAddress.in(last);
      if (forwarded != null) {
        return text(forwarded);
      }
      if (headers.contains(FORWARDED_FOR) && told.compareAndSet(false, true)) {
        log.warn(
            "X-Forwarded-For ends with \"{}\", which is no address: the proxy's own is taken for"
                + " its client's",
            printable(last));
      }
    }
    return peer instanceof InetSocketAddress inet && inet.getAddress() != null
        ? text(inet.getAddress().getAddress())
        : "unknown";
  }

  /// On whose account a connection is before it has said anything. Behind a proxy all have its
  /// address, which says nothing of them: then nobody's.
  MemoryHolder holder(SocketAddress peer) {
    return trustForwarded || !(peer instanceof InetSocketAddress inet) || inet.getAddress() == null
        ? MemoryHolder.NODE
        : new MemoryHolder(null, null, ClientNetwork.of(text(inet.getAddress().getAddress())));
  }

  /// @param host host and port as the client named them; empty when it named none
  /// @param local the address the client connected to
  String publicOrigin(String host, SocketAddress local, HttpHeaders headers) {
    if (publicOrigin != null) {
      return publicOrigin;
    }
    boolean secure = trustForwarded && lastOf(headers, FORWARDED_PROTO).equals("https");
    return (secure ? "https://" : "http://") + (host.isEmpty() ? hostAndPort(local) : host);
  }

  private static String lastOf(HttpHeaders headers, String name) {
    var values = headers.getAll(name);
    if (values.isEmpty()) {
      return "";
    }
    String last = values.getLast();
    return last.substring(last.lastIndexOf(',') + 1).strip();
  }

  private static String printable(String text) {
    String shortened = text.substring(0, Math.min(text.length(), MAX_LOGGED_LENGTH));
    return shortened.replaceAll("[^ -~]", "?");
  }

  /// Java itself makes an IPv4 address of one that is mapped.
  private static String text(byte[] address) {
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  /// `host:port` as a URL has it, IPv6 in brackets.
  public static String hostAndPort(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      InetAddress ip = inet.getAddress();
      return NetUtil.toSocketAddressString(NetUtil.toAddressString(ip, true), inet.getPort());
    }
    return "localhost";
  }
}
