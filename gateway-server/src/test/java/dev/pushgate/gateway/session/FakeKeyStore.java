package dev.pushgate.gateway.session;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.AppChange;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Apps and keys without a database. Thread-safe.
final class FakeKeyStore implements KeyStore {
  private List<App> apps = List.of();
  private List<ApiKey> keys = List.of();
  private long revision;

  /// Replaces everything.
  synchronized void set(List<App> newApps, List<ApiKey> newKeys) {
    apps = newApps;
    keys = newKeys;
    revision++;
  }

  synchronized void add(App app) {
    List<App> more = new ArrayList<>(apps);
    more.add(app);
    set(more, keys);
  }

  @Override
  public synchronized CompletionStage<Long> revision() {
    return CompletableFuture.completedStage(revision);
  }

  @Override
  public synchronized CompletionStage<Snapshot> load() {
    return CompletableFuture.completedStage(new Snapshot(revision, apps, keys));
  }

  @Override
  public CompletionStage<Boolean> createApp(App app, List<ApiKey> firstKeys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Boolean> changeApp(AppId app, AppChange change) {
    throw new UnsupportedOperationException("apps are not changed over REST");
  }

  @Override
  public CompletionStage<Void> createKey(ApiKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized CompletionStage<Revocation> revokeKey(AppId app, String id, Instant now) {
    List<ApiKey> changed = new ArrayList<>();
    for (ApiKey key : keys) {
      changed.add(key.id().equals(id) ? revoked(key, now) : key);
    }
    set(apps, changed);
    return CompletableFuture.completedStage(Revocation.REVOKED);
  }

  @Override
  public CompletionStage<Void> touch(Map<String, Instant> lastUses) {
    return CompletableFuture.completedStage(null);
  }

  private static ApiKey revoked(ApiKey key, Instant at) {
    return new ApiKey(
        key.id(),
        key.app(),
        key.kind(),
        key.label(),
        key.hint(),
        key.hash(),
        key.createdAt(),
        key.expiresAt(),
        key.lastUsedAt(),
        at);
  }
}
