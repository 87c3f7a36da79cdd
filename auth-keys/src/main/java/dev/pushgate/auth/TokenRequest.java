package dev.pushgate.auth;

import dev.pushgate.core.name.TextRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a connection token is to say. Immutable.
///
/// @param clientId the client id that the token fixes
/// @param userId whom the token names, or null for nobody
/// @param ttl how long it is to be valid
/// @param grants what it allows, or null for what a publish key may
/// @param key the key that it is minted with and ends with; null for a token like those that an app
///     signs by itself, which ends with its signing secret alone
public record TokenRequest(
    String clientId,
    @Nullable String userId,
    Duration ttl,
    @Nullable Grants grants,
    @Nullable ApiKey key) {
  /// The longest client id and the longest user id, in characters.
  public static final int MAX_NAME_LENGTH = 128;

  /// What a client id or a user id may be, as a sentence for people.
  public static final String NAME_RULE =
      "must be 1 to 128 characters, without NUL and without unpaired surrogates";

  public TokenRequest {
    if (!isName(clientId) || (userId != null && !isName(userId))) {
      throw new IllegalArgumentException("clientId and userId " + NAME_RULE);
    }
    if (!ttl.isPositive()) {
      throw new IllegalArgumentException("a token is valid for some time");
    }
    if (grants != null && key != null && !key.kind().includes(KeyKind.SECRET)) {
      throw new IllegalArgumentException("a token minted with a publish key may what that key may");
    }
  }

  /// Whether a text can be a client id or a user id: [#NAME_RULE].
  public static boolean isName(String text) {
    return TextRule.broken(text, 1, MAX_NAME_LENGTH) == null;
  }
}
