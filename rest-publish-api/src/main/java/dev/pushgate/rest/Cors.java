package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which pages in browsers may call, and read what they get (Fetch Standard, section 3.2). There
/// are no cookies here: whoever has a key may call from anywhere else, so this protects keys in
/// pages, not the server. Thread-safe.
final class Cors {
  private static final String ANY = "*";
  private static final String USUAL_HEADERS =
      "Authorization, Content-Type, Idempotency-Key, X-Request-Id";

  /// Two hours, the longest that Chromium keeps a preflight's answer.
  private static final String MAX_AGE_SECONDS = "7200";

  private static final int MAX_REQUESTED_HEADERS_LENGTH = 1024;

  private final KeyDirectory directory;

  Cors(KeyDirectory directory) {
    this.directory = directory;
  }

  /// A response that its page may read, if the app allows it.
  ///
  /// @param app null when it is not known who asked: then any app's consent does
  ApiResponse readable(ApiRequest request, @Nullable App app, ApiResponse response) {
    String origin = request.header("origin");
    String allowed = origin == null ? null : allowed(origin, app);
    if (allowed == null) {
      return response;
    }
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.put("Access-Control-Allow-Origin", allowed);
    headers.put("Access-Control-Expose-Headers", "X-Request-Id, Retry-After");
    return new ApiResponse(response.status(), headers, response.body());
  }

  /// Answers `OPTIONS`. A preflight brings no key, so it passes when any app allows its origin.
  ///
  /// @param methods what is answered at this path
  ApiResponse options(ApiRequest request, String methods) {
    String origin = request.header("origin");
    if (origin == null || request.header("access-control-request-method") == null) {
      return new ApiResponse(204, Map.of("Allow", methods), new byte[0]);
    }
    String allowed = allowed(origin, null);
    if (allowed == null) {
      return Answers.refused(
          new Outcome.Refused<>(Refusal.FORBIDDEN, "No app here allows pages of this origin"));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Access-Control-Allow-Origin", allowed);
    headers.put("Access-Control-Allow-Methods", methods);
    headers.put("Access-Control-Allow-Headers", allowedHeaders(request));
    headers.put("Access-Control-Max-Age", MAX_AGE_SECONDS);
    headers.put("Vary", "Origin, Access-Control-Request-Headers");
    return new ApiResponse(204, headers, new byte[0]);
  }

  private @Nullable String allowed(String origin, @Nullable App app) {
    Collection<App> asked = app == null ? directory.apps() : List.of(app);
    boolean allowed = false;
    for (App one : asked) {
      if (one.allowedOrigins().contains(ANY)) {
        return ANY;
      }
      allowed |= one.allowsOrigin(origin);
    }
    return allowed ? origin : null;
  }

  /// Clients add headers of their own to every call, so all that are asked for are allowed: none
  /// of them can do what the key cannot.
  private static String allowedHeaders(ApiRequest request) {
    String requested = request.header("access-control-request-headers");
    return requested != null
            && !requested.isBlank()
            && requested.length() <= MAX_REQUESTED_HEADERS_LENGTH
        ? requested
        : USUAL_HEADERS;
  }
}
