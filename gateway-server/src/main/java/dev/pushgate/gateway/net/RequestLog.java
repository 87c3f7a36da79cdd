package dev.pushgate.gateway.net;

import dev.pushgate.auth.KeyText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each answered request, at the level `debug`: what was asked, by whose key as far as
/// its hint tells, and what was answered. Never a key, a token or a query, which may hold one.
/// Thread-safe.
final class RequestLog {
  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);
  private static final int TEXT_MAX = 200;
  private static final String BEARER = "Bearer ";

  private RequestLog() {}

  /// @param request null when there was none that could be read
  /// @param nanos since its head was there
  static void answered(@Nullable HttpRequest request, String requestId, int status, long nanos) {
    if (!log.isDebugEnabled()) {
      return;
    }
    log.debug(
        "Request {}: {} with {}, answered {} in {} ms",
        requestId,
        request == null ? "(unreadable)" : bounded(request.method() + " " + pathOf(request.uri())),
        request == null ? "no key" : credential(request),
        status,
        nanos / 1_000_000);
  }

  private static String pathOf(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static String bounded(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }

  private static String credential(HttpRequest request) {
    String shown = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    if (shown == null) {
      return "no key";
    }
    String text = shown.substring(Math.min(BEARER.length(), shown.length())).strip();
    boolean isBearer = shown.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return isBearer && KeyText.isWellFormed(text) ? "key " + KeyText.hint(text) + "…" : "a token";
  }
}
