package dev.pushgate.gateway.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/// Where a request goes (RFC 9112, section 3.2). Immutable.
///
/// @param path percent-encoded, in its normal form ([PercentEncoding#normalized]); begins with `/`
/// @param query as sent, percent-encoded, without the `?`
/// @param host host and port as the client named them; empty when it named none
record RequestTarget(String path, String query, String host) {
  private static final String SCHEME = "http://";
  private static final String SECURE_SCHEME = "https://";

  /// The target of a request, or empty when its request line or its `Host` header is not what HTTP
  /// allows.
  static Optional<RequestTarget> of(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    boolean hostOptional = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (hosts.size() > 1 || (hosts.isEmpty() && !hostOptional)) {
      return Optional.empty();
    }
    String host = hosts.isEmpty() ? "" : hosts.getFirst();
    String uri = request.uri();
    if (!isVisibleAscii(uri) || !(host.isEmpty() || HostAndPort.isValid(host))) {
      return Optional.empty();
    }
    if (uri.startsWith("/")) {
      return Optional.of(split(uri, host));
    }
    if (uri.equals("*") && request.method().name().equals("OPTIONS")) {
      return Optional.of(new RequestTarget("/", "", host));
    }
    return absolute(uri);
  }

  /// `http://host/path?query`, as proxies are asked; its host outranks the header.
  private static Optional<RequestTarget> absolute(String uri) {
    int begin = schemeLength(uri);
    if (begin == 0) {
      return Optional.empty();
    }
    int end = begin;
    while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
      end++;
    }
    String host = uri.substring(begin, end);
    String rest = uri.substring(end);
    return !HostAndPort.isValid(host)
        ? Optional.empty()
        : Optional.of(split(rest.startsWith("/") ? rest : "/" + rest, host));
  }

  private static int schemeLength(String uri) {
    if (uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return SCHEME.length();
    }
    return uri.regionMatches(true, 0, SECURE_SCHEME, 0, SECURE_SCHEME.length())
        ? SECURE_SCHEME.length()
        : 0;
  }

  private static RequestTarget split(String pathAndQuery, String host) {
    int mark = pathAndQuery.indexOf('?');
    String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    String query = mark < 0 ? "" : pathAndQuery.substring(mark + 1);
    return new RequestTarget(withoutSlash(PercentEncoding.normalized(path)), query, host);
  }

  /// A slash too many at the end changes nothing, whatever is at the path.
  private static String withoutSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static boolean isVisibleAscii(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
