package dev.pushgate.auth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a connection token is to say. Immutable.
///
/// @param clientId the client id that the token fixes
/// @param userId whom the token names, or null for nobody
/// @param ttl how long it is to be valid
/// @param grants what it allows, or null for what a publish key may
/// @param key the publish key that it is minted with and ends with, or null for a token that stands
///     by itself
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
    if (grants != null && key != null) {
      throw new IllegalArgumentException("a token minted with a publish key may what that key may");
    }
  }

  /// Whether a text can be a client id or a user id: [#NAME_RULE] (no database stores those two).
  public static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_NAME_LENGTH
        && text.indexOf('\0') < 0
        && text.codePoints().noneMatch(TokenRequest::isSurrogate);
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
