package dev.pushgate.auth;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// Turns what a client presents, an API key or a connection token, into who it is. Thread-safe;
/// works in memory alone, so that it can be called on an event loop.
public final class Authenticator {
  private static final Outcome<Principal> NOTHING_GIVEN =
      new Outcome.Refused<>(Refusal.UNAUTHORIZED, "A key or a connection token is required");
  private static final Outcome<Principal> UNKNOWN =
      new Outcome.Refused<>(Refusal.INVALID_TOKEN, "This is no valid key or connection token");
  private static final Outcome<Principal> ENDED =
      new Outcome.Refused<>(Refusal.INVALID_TOKEN, "This key has expired or was revoked");

  private final KeyDirectory directory;
  private final TokenVerifier tokens;

  public Authenticator(KeyDirectory directory, TokenVerifier tokens) {
    this.directory = directory;
    this.tokens = tokens;
  }

  /// Who this is. Refused with `UNAUTHORIZED` when nothing was presented, and with `INVALID_TOKEN`
  /// when it is malformed, unknown, revoked or expired. Notes the use of a key.
  ///
  /// @param credential a key or a token (with or without `pub_` in front), without `Bearer`
  public Outcome<Principal> authenticate(String credential) {
    if (credential.isEmpty()) {
      return NOTHING_GIVEN;
    }
    // A key has no dot and a token has two.
    return credential.indexOf('.') >= 0
        ? tokens.verify(credential).map(bearer -> bearer)
        : directory.byText(credential).map(this::holder).orElse(UNKNOWN);
  }

  /// Who bears this connection token. Refused with `INVALID_TOKEN` otherwise, for a key too.
  ///
  /// @param token with or without `pub_` in front
  public Outcome<Principal.TokenBearer> bearer(String token) {
    return tokens.verify(token);
  }

  private Outcome<Principal> holder(ApiKey key) {
    if (!directory.isLive(key)) {
      return ENDED;
    }
    directory.used(key);
    return Outcome.done(new Principal.KeyHolder(key));
  }
}
