package dev.pushgate.gateway.session;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;

/// What a client shows to be let in. Thread-safe.
final class Credential {
  private static final String BEARER = "Bearer ";
  private static final int MAX_PARAMETERS = 16;

  private Credential() {}

  /// `?token=`, of which the first counts, else `Authorization: Bearer`; empty when there is
  /// neither, or none that can be read.
  static String in(HttpRequest request) {
    String token = token(request.uri());
    if (!token.isEmpty()) {
      return token;
    }
    String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : "";
  }

  private static String token(String uri) {
    try {
      return QueryStringDecoder.builder()
          .maxParams(MAX_PARAMETERS)
          .build(uri)
          .parameters()
          .getOrDefault("token", List.of(""))
          .getFirst();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
