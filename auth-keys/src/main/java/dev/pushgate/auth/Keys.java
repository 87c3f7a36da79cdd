package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Making, listing and revoking an app's keys. Thread-safe; stages complete on a thread of the
/// store, exceptionally when it could not answer, and not before this process goes by the change.
public final class Keys {
  private final KeyStore store;
  private final KeyDirectory directory;
  private final Clock clock;
  private final Runnable changed;

  /// @param changed run after each change that may have happened: it tells the other processes,
  ///     which otherwise find it in the store a little later; does not block
  public Keys(KeyStore store, KeyDirectory directory, Clock clock, Runnable changed) {
    this.store = store;
    this.directory = directory;
    this.clock = clock;
    this.changed = changed;
  }

  /// Makes a key. Its text is in the answer and nowhere else: so there is one whenever it was made.
  ///
  /// @param expiresAt from when on it no longer works, or null for never
  public CompletionStage<NewKey> create(
      AppId app, KeyKind kind, String label, @Nullable Instant expiresAt) {
    Secret text = KeyText.generate(kind);
    ApiKey key = KeyText.describe(app, text, label, clock.instant(), expiresAt);
    return store
        .createKey(key)
        .whenComplete((created, failure) -> changed.run())
        .thenCompose(created -> directory.refresh().handle((seen, failure) -> failure == null))
        .thenApply(isKnown -> new NewKey(key, text, isKnown));
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
        .whenComplete((revocation, failure) -> changed.run())
        .thenCompose(revocation -> directory.refresh().thenApply(seen -> revocation));
  }
}
