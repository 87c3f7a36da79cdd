package dev.pushgate.gateway.net;

import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each answered request, at the level `debug`: what was asked, by whose key as far as
/// its hint tells, and what was answered. Never a whole key or token, nor a query, which may hold
/// one.
/// Thread-safe.
final class RequestLog {
  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);
  private static final int TEXT_MAX = 200;
  private static final String BEARER = "Bearer ";

  /// What is a key by its beginning, or a token by its three parts: in an address by mistake. Each
  /// part is looked at from its beginning only, or a long path would take a second.
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "(?:pub|sec|mgmt)_[\\w.~-]++|(?<![\\w-])[\\w-]{8,}+\\.[\\w-]{8,}+\\.[\\w-]{8,}+");

  private static final Pattern ENCODED = Pattern.compile("%([2-7][0-9A-Fa-f])");

  /// How often somebody may encode by mistake what is encoded.
  private static final int DECODINGS_MAX = 8;

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
        request == null ? "(unreadable)" : bounded(request.method() + " " + shown(request.uri())),
        request == null ? "no key" : credential(request),
        status,
        nanos / 1_000_000);
  }

  /// The path as it reads when nothing is percent-encoded that need not be, however often it was,
  /// for so it would hide a key; of keys and tokens in it the hint.
  private static String shown(String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    for (int i = 0; i < DECODINGS_MAX; i++) {
      String plain = ENCODED.matcher(path).replaceAll(RequestLog::unreserved);
      if (plain.equals(path)) {
        return CREDENTIAL.matcher(plain).replaceAll(found -> KeyText.hint(found.group()) + "…");
      }
      path = plain;
    }
    return "(encoded again and again)";
  }

  /// A percent sign too, so that the next round sees what was encoded twice.
  private static String unreserved(MatchResult encoded) {
    char c = (char) Integer.parseInt(encoded.group(1), 16);
    return Character.isLetterOrDigit(c) || "-._~%".indexOf(c) >= 0
        ? String.valueOf(c)
        : encoded.group();
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
    boolean isKey = isBearer && KeyKind.ofKeyText(text).isPresent() && text.indexOf('.') < 0;
    return isKey ? "key " + KeyText.hint(text) + "…" : "a token";
  }
}
