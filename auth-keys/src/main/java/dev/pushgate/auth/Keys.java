package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Making, listing and revoking an app's keys. Thread-safe; stages complete on a thread of the
/// store, exceptionally when it could not answer, and not before this process goes by the change.
public final class Keys {
  private static final Logger log = LoggerFactory.getLogger(Keys.class);

  private final KeyStore store;
  private final KeyDirectory directory;
  private final Clock clock;

  public Keys(KeyStore store, KeyDirectory directory, Clock clock) {
    this.store = store;
    this.directory = directory;
    this.clock = clock;
  }

  /// Makes a key. Its text is in the answer and nowhere else.
  ///
  /// @param expiresAt from when on it no longer works, or null for never
  public CompletionStage<NewKey> create(
      AppId app, KeyKind kind, String label, @Nullable Instant expiresAt) {
    Secret text = KeyText.generate(kind);
    ApiKey key = KeyText.describe(app, text, label, clock.instant(), expiresAt);
    return store
        .createKey(key)
        .thenCompose(created -> directory.refresh().exceptionally(Keys::willBeSeenLater))
        .thenApply(seen -> new NewKey(key, text));
  }

  /// The key is made, and who does not get its text now never gets it.
  private static @Nullable Void willBeSeenLater(Throwable failure) {
    log.warn("A new key will work when the store answers again: {}", failure.toString());
    return null;
  }

  /// All keys of an app, newest first, revoked ones included.
  public List<ApiKey> list(AppId app) {
    return directory.keysOf(app);
  }

  /// Revokes a key. When the store goes away behind the revocation the stage completes
  /// exceptionally, for this process still takes the key then; asking again is harmless.
  public CompletionStage<KeyStore.Revocation> revoke(AppId app, String keyId) {
    return store
        .revokeKey(app, keyId, clock.instant())
        .thenCompose(revocation -> directory.refresh().thenApply(seen -> revocation));
  }
}
