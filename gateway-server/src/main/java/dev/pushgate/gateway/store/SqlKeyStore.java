package dev.pushgate.gateway.store;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.auth.AppChange;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// Apps and keys in the database. Several processes may change them at a time. Thread-safe.
final class SqlKeyStore implements KeyStore {
  private static final String CHANGE_APP =
      """
      UPDATE apps SET allowed_origins = COALESCE(:origins, allowed_origins),
        undeclared_channels = COALESCE(:undeclared, undeclared_channels),
        publish_keys_read = COALESCE(:read, publish_keys_read)
      WHERE id = :app
      """;

  private static final String INSERT_APP =
      """
      INSERT INTO apps (id, name, allowed_origins, undeclared_channels, publish_keys_read,
        created_at)
      VALUES (:id, :name, :allowedOrigins, :undeclaredChannels, :publishKeysRead, :createdAt)
      ON CONFLICT (id) DO NOTHING""";

  private static final String INSERT_SECRET =
      """
      INSERT INTO signing_secrets (app, kid, secret, created_at)
      VALUES (:app, :kid, :secret, :createdAt)""";

  private static final String INSERT_KEY =
      """
      INSERT INTO api_keys (id, app, kind, label, hint, hash, created_at, expires_at,
        last_used_at, revoked_at)
      VALUES (:id, :app, :kind, :label, :hint, :hash, :createdAt, :expiresAt,
        :lastUsedAt, :revokedAt)""";

  private static final String SELECT_KEYS =
      """
      SELECT id, app, kind, label, hint, hash, created_at, expires_at, last_used_at, revoked_at
      FROM api_keys""";

  private final Lanes lanes;
  private final Readers readers;

  SqlKeyStore(Lanes lanes, Readers readers) {
    this.lanes = lanes;
    this.readers = readers;
  }

  @Override
  public CompletionStage<Long> revision() {
    return readers.read(SqlKeyStore::revision);
  }

  private static Long revision(Handle handle) {
    return handle
        .createQuery("SELECT revision FROM revisions WHERE subject = 'keys'")
        .mapTo(Long.class)
        .one();
  }

  private static void raiseRevision(Handle handle) {
    handle.execute("UPDATE revisions SET revision = revision + 1 WHERE subject = 'keys'");
  }

  @Override
  public CompletionStage<Snapshot> load() {
    return readers.readMoment(
        handle ->
            new Snapshot(
                revision(handle),
                apps(handle),
                handle
                    .createQuery(SELECT_KEYS + " ORDER BY created_at, id")
                    .map((row, context) -> Rows.apiKey(row))
                    .list()));
  }

  private static List<App> apps(Handle handle) {
    Map<String, List<SigningSecret>> secrets = new HashMap<>();
    handle
        .createQuery(
            "SELECT app, kid, secret, created_at FROM signing_secrets"
                + " ORDER BY created_at DESC, kid")
        .map(
            (row, context) ->
                secrets
                    .computeIfAbsent(row.getString("app"), app -> new ArrayList<>())
                    .add(Rows.signingSecret(row)))
        .list();
    return handle
        .createQuery(
            "SELECT id, name, allowed_origins, undeclared_channels, publish_keys_read, created_at"
                + " FROM apps ORDER BY created_at, id")
        .map((row, context) -> Rows.app(row, secrets.getOrDefault(row.getString("id"), List.of())))
        .list();
  }

  @Override
  public CompletionStage<Boolean> createApp(App app, List<ApiKey> keys) {
    return lanes.write(
        handle -> {
          if (!insertApp(handle, app)) {
            return false;
          }
          insertSecrets(handle, app);
          keys.forEach(key -> insertKey(handle, key));
          raiseRevision(handle);
          return true;
        });
  }

  private static boolean insertApp(Handle handle, App app) {
    return handle
            .createUpdate(INSERT_APP)
            .bind("id", app.id().value())
            .bind("name", app.name())
            .bind("allowedOrigins", String.join("\n", app.allowedOrigins()))
            .bind("undeclaredChannels", app.undeclaredChannels())
            .bind("publishKeysRead", app.publishKeysRead())
            .bind("createdAt", app.createdAt().toEpochMilli())
            .execute()
        == 1;
  }

  private static void insertSecrets(Handle handle, App app) {
    for (SigningSecret secret : app.signingSecrets()) {
      handle
          .createUpdate(INSERT_SECRET)
          .bind("app", app.id().value())
          .bind("kid", secret.kid())
          .bind("secret", secret.secret().reveal())
          .bind("createdAt", secret.createdAt().toEpochMilli())
          .execute();
    }
  }

  @Override
  public CompletionStage<Boolean> changeApp(AppId app, AppChange change) {
    List<String> origins = change.allowedOrigins();
    return lanes.write(
        handle -> {
          int changed =
              handle
                  .createUpdate(CHANGE_APP)
                  .bindByType(
                      "origins", origins == null ? null : String.join("\n", origins), String.class)
                  .bindByType("undeclared", change.undeclaredChannels(), Boolean.class)
                  .bindByType("read", change.publishKeysRead(), Boolean.class)
                  .bind("app", app.value())
                  .execute();
          if (changed == 1) {
            raiseRevision(handle);
          }
          return changed == 1;
        });
  }

  @Override
  public CompletionStage<Void> createKey(ApiKey key) {
    return lanes.write(
        handle -> {
          insertKey(handle, key);
          raiseRevision(handle);
          return null;
        });
  }

  private static void insertKey(Handle handle, ApiKey key) {
    handle
        .createUpdate(INSERT_KEY)
        .bind("id", key.id())
        .bind("app", key.app().value())
        .bind("kind", key.kind().wireName())
        .bind("label", key.label())
        .bind("hint", key.hint())
        .bind("hash", key.hash())
        .bind("createdAt", key.createdAt().toEpochMilli())
        .bind("expiresAt", msOrNull(key.expiresAt()))
        .bind("lastUsedAt", msOrNull(key.lastUsedAt()))
        .bind("revokedAt", msOrNull(key.revokedAt()))
        .execute();
  }

  @Override
  public CompletionStage<Revocation> revokeKey(AppId app, String keyId, Instant now) {
    return lanes.write(handle -> revoke(handle, app, keyId, now));
  }

  private static Revocation revoke(Handle handle, AppId app, String keyId, Instant now) {
    // Locks the app's row, so that of two processes that each revoke one of the last two keys one
    // sees
    // what the other did.
    handle.execute("UPDATE apps SET name = name WHERE id = ?", app.value());
    List<ApiKey> keys =
        handle
            .createQuery(SELECT_KEYS + " WHERE app = :app")
            .bind("app", app.value())
            .map((row, context) -> Rows.apiKey(row))
            .list();
    Optional<ApiKey> found = keys.stream().filter(key -> key.id().equals(keyId)).findFirst();
    if (found.isEmpty()) {
      return Revocation.NOT_FOUND;
    }
    if (found.get().revokedAt() != null) {
      return Revocation.WAS_REVOKED;
    }
    List<ApiKey> managing =
        keys.stream().filter(key -> key.kind() == KeyKind.MANAGEMENT && key.isLive(now)).toList();
    if (managing.equals(List.of(found.get()))) {
      return Revocation.LAST_MANAGEMENT_KEY;
    }
    handle.execute("UPDATE api_keys SET revoked_at = ? WHERE id = ?", now.toEpochMilli(), keyId);
    raiseRevision(handle);
    return Revocation.REVOKED;
  }

  @Override
  public CompletionStage<Void> touch(Map<String, Instant> lastUses) {
    // In the order of their ids, so that two processes that touch the same keys do not wait for
    // each other.
    Map<String, Instant> ordered = new TreeMap<>(lastUses);
    return lanes.write(
        handle -> {
          touch(handle, ordered);
          return null;
        });
  }

  private static void touch(Handle handle, Map<String, Instant> lastUses) {
    if (lastUses.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE api_keys SET last_used_at = :usedAt
            WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :usedAt)""");
    lastUses.forEach(
        (id, usedAt) -> batch.bind("id", id).bind("usedAt", usedAt.toEpochMilli()).add());
    batch.execute();
  }

  private static @Nullable Long msOrNull(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
