package dev.pushgate.auth;

import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.core.name.AppId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All apps and keys of one revision, by whatever they are looked up by. Immutable.
///
/// @param keysByApp an app's keys, newest first
/// @param signingKeys by `kid`, which is random and so unique among all apps
record DirectorySnapshot(
    long revision,
    Map<AppId, App> apps,
    Map<String, ApiKey> keysById,
    Map<String, ApiKey> keysByHash,
    Map<AppId, List<ApiKey>> keysByApp,
    Map<String, SigningKey> signingKeys) {

  DirectorySnapshot {
    apps = Map.copyOf(apps);
    keysById = Map.copyOf(keysById);
    keysByHash = Map.copyOf(keysByHash);
    keysByApp = Map.copyOf(keysByApp);
    signingKeys = Map.copyOf(signingKeys);
  }

  private static final Comparator<ApiKey> NEWEST_FIRST =
      Comparator.comparing(ApiKey::createdAt).reversed().thenComparing(ApiKey::id);

  /// Before the first load: knows nothing, and is of no revision that a store has.
  static final DirectorySnapshot EMPTY =
      of(new KeyStore.Snapshot(Long.MIN_VALUE, List.of(), List.of()));

  /// A signing secret and the app that it signs for.
  record SigningKey(App app, SigningSecret secret) {}

  static DirectorySnapshot of(KeyStore.Snapshot stored) {
    Map<String, ApiKey> byId = new HashMap<>();
    Map<String, ApiKey> byHash = new HashMap<>();
    Map<AppId, List<ApiKey>> byApp = new HashMap<>();
    for (ApiKey key : stored.keys()) {
      byId.put(key.id(), key);
      byHash.put(key.hash(), key);
      byApp.computeIfAbsent(key.app(), app -> new ArrayList<>()).add(key);
    }
    byApp.replaceAll((app, keys) -> keys.stream().sorted(NEWEST_FIRST).toList());
    Map<AppId, App> apps = new HashMap<>();
    Map<String, SigningKey> signingKeys = new HashMap<>();
    for (App app : stored.apps()) {
      apps.put(app.id(), app);
      app.signingSecrets()
          .forEach(secret -> signingKeys.put(secret.kid(), new SigningKey(app, secret)));
    }
    return new DirectorySnapshot(stored.revision(), apps, byId, byHash, byApp, signingKeys);
  }
}
