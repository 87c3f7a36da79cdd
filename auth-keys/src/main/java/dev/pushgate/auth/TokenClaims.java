package dev.pushgate.auth;

import dev.pushgate.core.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The claims of a token whose signature fits (RFC 7519, section 4.1, and ours). Whoever holds a
/// signing secret wrote them, so they are checked like any other input. Immutable.
final class TokenClaims {
  static final String CLIENT_ID = "clientId";
  static final String GRANTS = "grants";
  static final String KEY = "key";

  /// How far another machine's clock may be ahead of ours when it writes `iat` and `nbf`.
  static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private static final double MAX_SECONDS = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private final Map<String, Object> claims;

  TokenClaims(Map<String, Object> claims) {
    this.claims = claims;
  }

  /// Whether `aud` is, or contains, this app's id.
  boolean areFor(App app) {
    Object audience = claims.get("aud");
    String id = app.id().value();
    return id.equals(audience) || (audience instanceof List<?> several && several.contains(id));
  }

  /// Whether nothing says that the token begins later than now.
  boolean haveBegun(Instant now) {
    return hasBegun("nbf", now) && hasBegun("iat", now);
  }

  private boolean hasBegun(String claim, Instant now) {
    if (claims.get(claim) == null) {
      return true;
    }
    Instant start = time(claim);
    return start != null && !start.isAfter(now.plus(CLOCK_SKEW));
  }

  /// When the token ends; null when `exp` is missing or no time.
  @Nullable Instant expiresAt() {
    return time("exp");
  }

  private @Nullable Instant time(String claim) {
    if (!(claims.get(claim) instanceof Number number)) {
      return null;
    }
    double seconds = number.doubleValue();
    return seconds >= 0 && seconds <= MAX_SECONDS
        ? Instant.ofEpochMilli((long) (seconds * 1000))
        : null;
  }

  /// Whether a claim is absent, or a text that can be a name.
  boolean isNameOrAbsent(String claim) {
    Object value = claims.get(claim);
    return value == null || (value instanceof String text && TokenRequest.isName(text));
  }

  @Nullable String text(String claim) {
    return claims.get(claim) instanceof String text ? text : null;
  }

  boolean has(String claim) {
    return claims.get(claim) != null;
  }

  /// What the token grants; refused with a `VALIDATION_ERROR` when that is malformed.
  Outcome<Grants> grants() {
    return Grants.parse(claims.get(GRANTS));
  }
}
