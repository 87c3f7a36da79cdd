package dev.pushgate.gateway.cli;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.auth.Keys;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.app.StoreLocation;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.time.Clock;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The apps and keys of a gateway's database, beside that gateway: it sees every change within
/// seconds. Confined to one command, which waits for each answer.
final class KeyDatabase implements AutoCloseable {
  private final SqlStore store;
  private final KeyDirectory directory;
  private final Keys keys;

  private KeyDatabase(SqlStore store, Clock clock) {
    this.store = store;
    this.directory = new KeyDirectory(store.keys(), clock);
    this.keys = new Keys(store.keys(), directory, clock, () -> {});
  }

  /// @throws CommandFailedException when there is none, or it cannot be used
  static KeyDatabase open(Settings settings, Clock clock) {
    KeyDatabase database = new KeyDatabase(store(settings, Claim.NONE, clock), clock);
    await(database.directory.refresh());
    return database;
  }

  /// The store that the settings name.
  ///
  /// @param claim the ownership of the database to take; no gateway may have it then
  /// @throws CommandFailedException when there is none, or it cannot be used
  static SqlStore store(Settings settings, Claim claim, Clock clock) {
    StoreLocation location = StoreLocation.of(settings);
    location
        .missingFile()
        .ifPresent(
            file -> {
              throw new CommandFailedException(
                  "there is no database at "
                      + file
                      + ": start a gateway first (pushgate serve), or name its --data-dir");
            });
    try {
      return SqlStore.open(location.config(claim), clock);
    } catch (StoreStartException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }

  KeyStore store() {
    return store.keys();
  }

  Keys keys() {
    return keys;
  }

  /// What is in the database, as of its opening and of every change made through it.
  KeyDirectory directory() {
    return directory;
  }

  /// @throws CommandFailedException when there is no such app
  void require(AppId app) {
    if (directory.app(app).isEmpty()) {
      throw new CommandFailedException("there is no app \"" + app + "\"");
    }
  }

  /// @throws CommandFailedException when the database could not answer
  static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreUnavailableException unavailable) {
        throw new CommandFailedException(
            "the database does not answer: " + unavailable.getMessage());
      }
      if (e.getCause() instanceof UnstorableException refused) {
        throw new CommandFailedException("the database refuses this: " + refused.getMessage());
      }
      throw e;
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
