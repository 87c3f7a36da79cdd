package dev.pushgate.rest;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.AppChange;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Apps and keys in lists.
final class FakeKeyStore implements KeyStore {
  private final List<App> apps = new ArrayList<>();
  private final List<ApiKey> keys = new ArrayList<>();
  private long revision = 1;
  boolean isAway;
  boolean goesAwayBehindTheNextChange;

  void put(App app) {
    apps.removeIf(other -> other.id().equals(app.id()));
    apps.add(app);
    revision++;
  }

  void put(ApiKey key) {
    keys.removeIf(other -> other.id().equals(key.id()));
    keys.add(key);
    revision++;
  }

  @Override
  public CompletionStage<Long> revision() {
    return answer(() -> revision);
  }

  @Override
  public CompletionStage<Snapshot> load() {
    return answer(() -> new Snapshot(revision, apps, keys));
  }

  @Override
  public CompletionStage<Boolean> createApp(App app, List<ApiKey> itsKeys) {
    throw new UnsupportedOperationException("apps are not made over REST");
  }

  @Override
  public CompletionStage<Boolean> changeApp(AppId app, AppChange change) {
    throw new UnsupportedOperationException("apps are not changed over REST");
  }

  @Override
  public CompletionStage<Void> createKey(ApiKey key) {
    return answer(
            () -> {
              put(key);
              isAway = goesAwayBehindTheNextChange;
              return key;
            })
        .thenAccept(stored -> {});
  }

  @Override
  public CompletionStage<Revocation> revokeKey(AppId app, String keyId, Instant now) {
    return answer(() -> revoke(app, keyId, now));
  }

  private Revocation revoke(AppId app, String keyId, Instant now) {
    ApiKey key =
        keys.stream()
            .filter(one -> one.app().equals(app) && one.id().equals(keyId))
            .findFirst()
            .orElse(null);
    if (key == null) {
      return Revocation.NOT_FOUND;
    }
    if (key.revokedAt() != null) {
      return Revocation.WAS_REVOKED;
    }
    long managers =
        keys.stream().filter(one -> one.kind() == KeyKind.MANAGEMENT && one.isLive(now)).count();
    if (key.kind() == KeyKind.MANAGEMENT && managers == 1) {
      return Revocation.LAST_MANAGEMENT_KEY;
    }
    put(revoked(key, now));
    return Revocation.REVOKED;
  }

  static ApiKey revoked(ApiKey key, Instant now) {
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
        now);
  }

  @Override
  public CompletionStage<Void> touch(Map<String, Instant> lastUses) {
    throw new UnsupportedOperationException("the API writes no last uses");
  }

  private <T> CompletionStage<T> answer(Supplier<T> work) {
    return isAway
        ? CompletableFuture.failedStage(new StoreUnavailableException("db1.internal is away"))
        : CompletableFuture.completedStage(work.get());
  }
}
