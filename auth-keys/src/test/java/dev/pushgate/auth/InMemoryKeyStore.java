package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// A key store without a database, which can be away or slow. Thread-safe.
final class InMemoryKeyStore implements KeyStore {
  private final Map<AppId, App> apps = new LinkedHashMap<>();
  private final Map<String, ApiKey> keys = new LinkedHashMap<>();
  private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
  private long revision;
  private boolean away;
  private int questions;
  private int loads;

  /// From now on every call fails (true), or works again (false).
  synchronized void setAway(boolean away) {
    this.away = away;
  }

  /// From now on answers are decided when asked for but do not arrive before [#release].
  synchronized void hold() {
    gate = new CompletableFuture<>();
  }

  void release() {
    CompletableFuture<Void> held;
    synchronized (this) {
      held = gate;
      gate = CompletableFuture.completedFuture(null);
    }
    held.complete(null);
  }

  /// How often the revision was asked for.
  synchronized int questions() {
    return questions;
  }

  synchronized int loads() {
    return loads;
  }

  @Override
  public CompletionStage<Long> revision() {
    return answer(
        () -> {
          questions++;
          return revision;
        });
  }

  @Override
  public CompletionStage<Snapshot> load() {
    return answer(
        () -> {
          loads++;
          return new Snapshot(revision, List.copyOf(apps.values()), List.copyOf(keys.values()));
        });
  }

  @Override
  public CompletionStage<Boolean> createApp(App app, List<ApiKey> firstKeys) {
    return answer(
        () -> {
          if (apps.containsKey(app.id())) {
            return false;
          }
          revision++;
          apps.put(app.id(), app);
          firstKeys.forEach(key -> keys.put(key.id(), key));
          return true;
        });
  }

  @Override
  public CompletionStage<Boolean> changeApp(AppId app, AppChange change) {
    return answer(
        () -> {
          revision++;
          return apps.computeIfPresent(app, (_, was) -> change.appliedTo(was)) != null;
        });
  }

  @Override
  public CompletionStage<Void> createKey(ApiKey key) {
    return answer(
            () -> {
              keys.put(key.id(), key);
              return ++revision;
            })
        .thenAccept(changed -> {});
  }

  @Override
  public CompletionStage<Revocation> revokeKey(AppId app, String keyId, Instant now) {
    return answer(
        () -> {
          ApiKey key = keys.get(keyId);
          if (key == null || !key.app().equals(app)) {
            return Revocation.NOT_FOUND;
          }
          if (key.revokedAt() != null) {
            return Revocation.WAS_REVOKED;
          }
          if (isLastManagementKey(key, now)) {
            return Revocation.LAST_MANAGEMENT_KEY;
          }
          revision++;
          keys.put(keyId, revoked(key, now));
          return Revocation.REVOKED;
        });
  }

  private boolean isLastManagementKey(ApiKey key, Instant now) {
    return key.kind() == KeyKind.MANAGEMENT
        && keys.values().stream()
            .filter(other -> other.app().equals(key.app()) && !other.id().equals(key.id()))
            .noneMatch(other -> other.kind() == KeyKind.MANAGEMENT && other.isLive(now));
  }

  @Override
  public CompletionStage<Void> touch(Map<String, Instant> lastUses) {
    return answer(
            () -> {
              lastUses.forEach(
                  (id, at) -> keys.computeIfPresent(id, (same, key) -> key.withLastUsedAt(at)));
              return true;
            })
        .thenAccept(touched -> {});
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

  private synchronized <T> CompletionStage<T> answer(Supplier<T> work) {
    if (away) {
      return CompletableFuture.failedStage(new StoreUnavailableException("the store is away"));
    }
    T answer = work.get();
    return gate.thenApply(open -> answer);
  }
}
