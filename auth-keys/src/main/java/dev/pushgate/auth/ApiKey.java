package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An API key as it is stored: everything but the key itself. Immutable.
///
/// @param id opaque and unique
/// @param hint the first 12 characters of the key, for people to tell keys apart
/// @param hash SHA-256 of the whole key's UTF-8 text, in lowercase hexadecimal
/// @param lastUsedAt written lazily: may lag behind by a minute
public record ApiKey(
    String id,
    AppId app,
    KeyKind kind,
    String label,
    String hint,
    String hash,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable Instant revokedAt) {

  /// The longest label that people give a key, in characters.
  public static final int MAX_LABEL_LENGTH = 128;

  /// What ISO 8601 writes with four digits of a year, and every database holds.
  private static final Instant LATEST_END = Instant.parse("9999-12-31T23:59:59Z");

  /// Whether a key that is made `now` may end at `end`: later, and before the year 10000.
  public static boolean mayEndAt(Instant end, Instant now) {
    return end.isAfter(now) && !end.isAfter(LATEST_END);
  }

  /// Whether the key can be used at this moment.
  public boolean isLive(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }

  ApiKey withLastUsedAt(@Nullable Instant lastUse) {
    return new ApiKey(id, app, kind, label, hint, hash, createdAt, expiresAt, lastUse, revokedAt);
  }
}
