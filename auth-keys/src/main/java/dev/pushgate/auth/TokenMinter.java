package dev.pushgate.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.pushgate.auth.App.SigningSecret;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/// Signs connection tokens (HS256) under an app's newest signing secret. Thread-safe.
public final class TokenMinter {
  private final Clock clock;

  public TokenMinter(Clock clock) {
    this.clock = clock;
  }

  /// A token that begins now. How long it may live is for the caller to limit; it ends at a whole
  /// second, and not after the key that it is minted with.
  ///
  /// @throws IllegalStateException when the app has no signing secret, or one of less than 256 bits
  public MintedToken mint(App app, TokenRequest request) {
    if (app.signingSecrets().isEmpty()) {
      throw new IllegalStateException("app " + app.id() + " has no signing secret");
    }
    Instant now = clock.instant();
    Instant expiresAt = end(now, request).truncatedTo(ChronoUnit.SECONDS);
    SignedJWT token = sign(claims(app, request, now, expiresAt), app.signingSecrets().getFirst());
    return new MintedToken(token.serialize(), expiresAt);
  }

  private static Instant end(Instant now, TokenRequest request) {
    Instant asked = now.plus(request.ttl());
    Instant endOfKey = request.key() == null ? null : request.key().expiresAt();
    return endOfKey != null && endOfKey.isBefore(asked) ? endOfKey : asked;
  }

  private static JWTClaimsSet claims(
      App app, TokenRequest request, Instant now, Instant expiresAt) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .audience(app.id().value())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt))
            .claim(TokenClaims.CLIENT_ID, request.clientId());
    if (request.key() != null) {
      claims.claim(TokenClaims.KEY, request.key().id());
    }
    if (request.userId() != null) {
      claims.subject(request.userId());
    }
    if (request.grants() != null) {
      claims.claim(TokenClaims.GRANTS, request.grants().toWire());
    }
    return claims.build();
  }

  private static SignedJWT sign(JWTClaimsSet claims, SigningSecret secret) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(JOSEObjectType.JWT)
            .keyID(secret.kid())
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new MACSigner(secret.hmacKey()));
    } catch (JOSEException e) {
      throw new IllegalStateException("signing secret " + secret.kid() + " cannot sign", e);
    }
    return token;
  }
}
