package dev.pushgate.auth;

import dev.pushgate.auth.DirectorySnapshot.SigningKey;
import dev.pushgate.core.name.AppId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All apps and keys in memory, so that no request waits for the database. Thread-safe; lookups
/// take no lock and see one revision of the store, the newest that [#refresh] found. While the
/// store is away they go on with the last one.
public final class KeyDirectory {
  private static final Logger log = LoggerFactory.getLogger(KeyDirectory.class);

  private final KeyStore store;
  private final Clock clock;
  private final KeyUses uses;
  private final RefreshRounds rounds = new RefreshRounds(this::reloadIfChanged);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile DirectorySnapshot current = DirectorySnapshot.EMPTY;
  private volatile boolean saysChanges;

  public KeyDirectory(KeyStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.uses = new KeyUses(clock);
  }

  /// Asks the store for its revision and, when it is another one, for everything. Completes when
  /// lookups see all that was committed before this call and the listeners have run; exceptionally,
  /// with the old contents kept, when the store could not answer. Calls at the same time share
  /// their questions.
  public CompletionStage<Void> refresh() {
    return rounds.ask();
  }

  /// Has `listener` run after each change, on whichever thread found it: it must not block.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /// Has each change that is found from here on leave a line in the log, whoever made it.
  public void sayChanges() {
    saysChanges = true;
  }

  /// The key of this text, live or not.
  public Optional<ApiKey> byText(String keyText) {
    return KeyText.isWellFormed(keyText)
        ? Optional.ofNullable(current.keysByHash().get(KeyText.hash(keyText)))
        : Optional.empty();
  }

  /// The key of this id, live or not.
  public Optional<ApiKey> byId(String id) {
    return Optional.ofNullable(current.keysById().get(id));
  }

  public Optional<App> app(AppId id) {
    return Optional.ofNullable(current.apps().get(id));
  }

  public Collection<App> apps() {
    return current.apps().values();
  }

  /// All keys of an app, newest first, revoked ones included; with their last uses as far as known
  /// here.
  public List<ApiKey> keysOf(AppId app) {
    return current.keysByApp().getOrDefault(app, List.of()).stream()
        .map(uses::withLastUse)
        .toList();
  }

  /// Whether a principal that was authenticated at some time may still act: its key, if it has one,
  /// is live as of the newest revision, and its token has not expired.
  public boolean isLive(Principal principal) {
    return switch (principal) {
      case Principal.KeyHolder(ApiKey key) -> isLiveStill(key.id());
      case Principal.TokenBearer token ->
          clock.instant().isBefore(token.expiresAt())
              && (token.keyId() == null || isLiveStill(token.keyId()));
    };
  }

  private boolean isLiveStill(String keyId) {
    ApiKey key = current.keysById().get(keyId);
    return key != null && isLive(key);
  }

  boolean isLive(ApiKey key) {
    return key.isLive(clock.instant());
  }

  @Nullable SigningKey signingKey(String kid) {
    return current.signingKeys().get(kid);
  }

  /// Notes that a key was used just now. Cheap enough for every request.
  public void used(ApiKey key) {
    uses.note(key);
  }

  /// The uses noted since the last call, to the minute: key id → time, for [KeyStore#touch].
  public Map<String, Instant> drainUses() {
    return uses.drain();
  }

  private CompletionStage<Void> reloadIfChanged() {
    return store
        .revision()
        .thenCompose(
            revision ->
                revision == current.revision()
                    ? CompletableFuture.completedStage(null)
                    : store.load().thenAccept(this::replace));
  }

  private void replace(KeyStore.Snapshot loaded) {
    DirectorySnapshot before = current;
    current = DirectorySnapshot.of(loaded);
    if (saysChanges) {
      new KeyChanges(log, before, current).log();
    }
    listeners.forEach(KeyDirectory::tell);
  }

  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.error("A listener to changes of keys failed", e);
    }
  }
}
