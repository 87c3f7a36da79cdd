package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// Apps and keys in the database. Thread-safe; no method blocks; stages complete on a thread of the
/// store, with [dev.pushgate.core.store.StoreUnavailableException] when it could not answer.
///
/// Every adapter owes: each change of an app or key raises [#revision] in the same transaction, so
/// that other processes find out by asking for one number.
public interface KeyStore {
  /// A number that is another one after each change, whichever process made it. Last uses do not
  /// count.
  CompletionStage<Long> revision();

  /// All apps and all keys, revoked ones included, and the revision they are of.
  CompletionStage<Snapshot> load();

  /// False when an app of this id is there already.
  CompletionStage<Boolean> createApp(App app, List<ApiKey> keys);

  /// Changes an app's settings. False when there is no such app.
  CompletionStage<Boolean> changeApp(AppId app, AppChange change);

  CompletionStage<Void> createKey(ApiKey key);

  /// Revokes a key at `now`. What is answered was decided and done in one transaction.
  CompletionStage<Revocation> revokeKey(AppId app, String keyId, Instant now);

  /// Writes when keys were last used: key id → time. Keys that are gone are passed over.
  CompletionStage<Void> touch(Map<String, Instant> lastUses);

  record Snapshot(long revision, List<App> apps, List<ApiKey> keys) {
    public Snapshot {
      apps = List.copyOf(apps);
      keys = List.copyOf(keys);
    }
  }

  enum Revocation {
    REVOKED,
    /// Revoked already: nothing changed.
    WAS_REVOKED,
    /// The app has no such key.
    NOT_FOUND,
    /// It is the app's last live management key, which cannot be revoked.
    LAST_MANAGEMENT_KEY
  }
}
