package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// A tenant and its settings. Immutable.
///
/// @param allowedOrigins origins that browsers may call from (`https://host[:port]`), or `*` for
///     all
/// @param undeclaredChannels whether channels may be used that nobody declared
/// @param publishKeysRead whether publish keys may list the channels that are not private and read
///     their history
/// @param signingSecrets the secrets under which connection tokens are signed, newest first
public record App(
    AppId id,
    String name,
    List<String> allowedOrigins,
    boolean undeclaredChannels,
    boolean publishKeysRead,
    List<SigningSecret> signingSecrets,
    Instant createdAt) {

  public App {
    allowedOrigins = List.copyOf(allowedOrigins);
    signingSecrets = List.copyOf(signingSecrets);
  }

  /// Whether a browser's page of this origin may use the app. Origins are compared as browsers
  /// write them.
  public boolean allowsOrigin(String origin) {
    return allowedOrigins.contains("*") || allowedOrigins.contains(origin);
  }

  /// What connection tokens are signed with (HS256). Immutable.
  ///
  /// @param kid the name of the secret in a token's header; no other secret of any app has it
  /// @param secret 256 random bits or more, in base64url without padding
  public record SigningSecret(String kid, Secret secret, Instant createdAt) {
    private static final int KID_BITS = 96;
    private static final int SECRET_BITS = 256;

    /// A new secret of 256 random bits under a random name.
    public static SigningSecret generate(Instant createdAt) {
      return new SigningSecret(
          RandomText.ofBits(KID_BITS),
          new Secret(RandomText.ofBits(SECRET_BITS)),
          createdAt.truncatedTo(ChronoUnit.MILLIS));
    }

    /// The key of the HMAC: the text's own bytes, not what it decodes to. So any JWT library signs
    /// with the text as it is shown.
    byte[] hmacKey() {
      return secret.reveal().getBytes(StandardCharsets.UTF_8);
    }
  }
}
