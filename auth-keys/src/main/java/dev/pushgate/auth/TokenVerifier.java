package dev.pushgate.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.pushgate.auth.DirectorySnapshot.SigningKey;
import dev.pushgate.auth.Principal.TokenBearer;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells whether a connection token is one of ours: JWTs signed with HS256 under one of an app's
/// signing secrets, as PROTOCOL's connection tokens are. Thread-safe; asks nobody.
///
/// The order of the checks is the defence. The shape is checked before anything is decoded; the
/// signature before the claims are read; and the secret that `kid` names alone decides the app and
/// the algorithm, never what the token says of itself (RFC 8725, section 3.1).
public final class TokenVerifier {
  /// The longest token that is looked at, in characters.
  public static final int MAX_LENGTH = 8192;

  private static final JWSHeader HS256 = new JWSHeader(JWSAlgorithm.HS256);

  // Made once: refusing garbage must cost little.
  private static final Outcome<TokenBearer> TOO_LONG =
      refused("The token is longer than " + MAX_LENGTH + " characters");
  private static final Outcome<TokenBearer> MALFORMED =
      refused("The token is not a well-formed JWT signed with HS256");
  private static final Outcome<TokenBearer> ALGORITHM =
      refused("The token's algorithm is not accepted; sign it with HS256");
  private static final Outcome<TokenBearer> UNKNOWN_SECRET =
      refused("The token's kid names no signing secret");
  private static final Outcome<TokenBearer> SIGNATURE =
      refused("The token's signature does not fit");
  private static final Outcome<TokenBearer> OTHER_APP =
      refused("The token's aud is not the app whose secret signed it");
  private static final Outcome<TokenBearer> NO_EXPIRY =
      refused("The token's exp must be a time in seconds since 1970");
  private static final Outcome<TokenBearer> EXPIRED = refused("The token has expired");
  private static final Outcome<TokenBearer> NOT_YET =
      refused("The token's nbf and iat, if any, must be times that have come");
  private static final Outcome<TokenBearer> NAMES =
      refused("The token's sub and clientId, if any, " + TokenRequest.NAME_RULE);
  private static final Outcome<TokenBearer> KEY_ENDED =
      refused("The key that this token was minted with is no longer valid");

  private final KeyDirectory directory;
  private final Clock clock;

  public TokenVerifier(KeyDirectory directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /// Who bears this token, or why it is no good (always `INVALID_TOKEN`).
  ///
  /// @param token with or without `pub_` in front
  public Outcome<TokenBearer> verify(String token) {
    if (token.length() > MAX_LENGTH) {
      return TOO_LONG;
    }
    String prefix = KeyKind.PUBLISH.prefix();
    String compact = token.startsWith(prefix) ? token.substring(prefix.length()) : token;
    return CompactToken.split(compact).map(this::verify).orElse(MALFORMED);
  }

  private Outcome<TokenBearer> verify(CompactToken token) {
    Map<String, Object> header = token.parseHeader();
    // No extension of JWS is known here, and what is critical must be understood (RFC 7515,
    // 4.1.11).
    if (header == null || header.containsKey("crit") || header.containsKey("b64")) {
      return MALFORMED;
    }
    if (!HS256.getAlgorithm().getName().equals(header.get("alg"))) {
      return ALGORITHM;
    }
    SigningKey key = header.get("kid") instanceof String kid ? directory.signingKey(kid) : null;
    if (key == null) {
      return UNKNOWN_SECRET;
    }
    if (!isSigned(token, key)) {
      return SIGNATURE;
    }
    Map<String, Object> claims = token.parsePayload();
    return claims == null ? MALFORMED : bearer(key.app(), new TokenClaims(claims));
  }

  private static boolean isSigned(CompactToken token, SigningKey key) {
    try {
      return new MACVerifier(key.secret().hmacKey())
          .verify(HS256, token.signingInput(), new Base64URL(token.signature()));
    } catch (JOSEException e) {
      return false; // the secret is too short to sign with: nothing is signed under it
    }
  }

  private Outcome<TokenBearer> bearer(App app, TokenClaims claims) {
    if (!claims.areFor(app)) {
      return OTHER_APP;
    }
    Instant now = clock.instant();
    Instant expiresAt = claims.expiresAt();
    if (expiresAt == null) {
      return NO_EXPIRY;
    }
    if (!now.isBefore(expiresAt)) {
      return EXPIRED;
    }
    if (!claims.haveBegun(now)) {
      return NOT_YET;
    }
    if (!claims.isNameOrAbsent("sub") || !claims.isNameOrAbsent(TokenClaims.CLIENT_ID)) {
      return NAMES;
    }
    if (claims.has(TokenClaims.KEY) && !isLiveKeyOf(app, claims.text(TokenClaims.KEY))) {
      return KEY_ENDED;
    }
    return withGrants(app, claims, expiresAt);
  }

  private boolean isLiveKeyOf(App app, @Nullable String keyId) {
    return keyId != null
        && directory
            .byId(keyId)
            .filter(key -> key.app().equals(app.id()) && directory.isLive(key))
            .isPresent();
  }

  private static Outcome<TokenBearer> withGrants(App app, TokenClaims claims, Instant expiresAt) {
    if (!claims.has(TokenClaims.GRANTS)) {
      return bearer(app, claims, expiresAt, null);
    }
    return switch (claims.grants()) {
      case Outcome.Done<Grants>(Grants grants) -> bearer(app, claims, expiresAt, grants);
      case Outcome.Refused<Grants> refused -> refused("The token's " + refused.sentence());
    };
  }

  private static Outcome<TokenBearer> bearer(
      App app, TokenClaims claims, Instant expiresAt, @Nullable Grants grants) {
    return Outcome.done(
        new TokenBearer(
            app.id(),
            grants,
            claims.text(TokenClaims.KEY),
            expiresAt,
            claims.text(TokenClaims.CLIENT_ID),
            claims.text("sub")));
  }

  private static Outcome<TokenBearer> refused(String sentence) {
    return Outcome.refused(Refusal.INVALID_TOKEN, sentence);
  }
}
