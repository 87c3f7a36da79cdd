package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.util.List;

/// A tenant and its settings. Immutable.
///
/// @param allowedOrigins origins that browsers may call from (`https://host[:port]`), or `*` for all
/// @param undeclaredChannels whether channels may be used that nobody declared
/// @param signingSecrets the secrets under which connection tokens are signed, newest first
public record App(
    AppId id,
    String name,
    List<String> allowedOrigins,
    boolean undeclaredChannels,
    List<SigningSecret> signingSecrets,
    Instant createdAt) {

  public App {
    allowedOrigins = List.copyOf(allowedOrigins);
    signingSecrets = List.copyOf(signingSecrets);
  }

  /// Whether a browser's page of this origin may use the app. Origins are compared as browsers write them.
  public boolean allowsOrigin(String origin) {
    return allowedOrigins.contains("*") || allowedOrigins.contains(origin);
  }

  /// @param kid the name of the secret in a token's header
  /// @param secret 256 random bits or more, in base64url without padding
  public record SigningSecret(String kid, Secret secret, Instant createdAt) {}
}
