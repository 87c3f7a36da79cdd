package dev.pushgate.auth;

import java.time.Instant;

/// A signed connection token. Immutable; does not print the token.
///
/// @param expiresAt in whole seconds, as the token itself has it
public record MintedToken(String token, Instant expiresAt) {
  @Override
  public String toString() {
    return "MintedToken[expiresAt=" + expiresAt + "]";
  }
}
