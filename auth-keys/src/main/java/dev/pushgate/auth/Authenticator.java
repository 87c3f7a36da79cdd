package dev.pushgate.auth;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import org.slf4j.LoggerFactory;

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
  private final FailedCredentials failed =
      new FailedCredentials(LoggerFactory.getLogger(Authenticator.class), System::nanoTime);

  public Authenticator(KeyDirectory directory, TokenVerifier tokens) {
    this.directory = directory;
    this.tokens = tokens;
  }

  /// Who this is. Refused with `UNAUTHORIZED` when nothing was presented, and with `INVALID_TOKEN`
  /// when it is malformed, unknown, revoked or expired. Notes the use of a key, and logs what
  /// failed.
  ///
  /// @param credential a key or a token (with or without `pub_` in front), without `Bearer`
  /// @param address the IP address of whoever shows it, for the log
  public Outcome<Principal> authenticate(String credential, String address) {
    if (credential.isEmpty()) {
      return NOTHING_GIVEN;
    }
    // A key has no dot and a token has two.
    return credential.indexOf('.') >= 0
        ? bearer(credential, address).map(bearer -> bearer)
        : holder(credential, address);
  }

  /// Who bears this connection token. Refused with `INVALID_TOKEN` otherwise, for a key too.
  ///
  /// @param token with or without `pub_` in front
  /// @param address as for [#authenticate]
  public Outcome<Principal.TokenBearer> bearer(String token, String address) {
    Outcome<Principal.TokenBearer> verified = tokens.verify(token);
    if (verified instanceof Outcome.Refused<Principal.TokenBearer> refused) {
      failed.token(refused.sentence(), address);
    }
    return verified;
  }

  private Outcome<Principal> holder(String text, String address) {
    ApiKey key = directory.byText(text).orElse(null);
    if (key == null) {
      failed.key(text, address);
      return UNKNOWN;
    }
    if (!directory.isLive(key)) {
      failed.key(key, address);
      return ENDED;
    }
    directory.used(key);
    return Outcome.done(new Principal.KeyHolder(key));
  }
}
