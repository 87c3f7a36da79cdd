package dev.pushgate.gateway.app;

import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.StoreUrl;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the settings say that the database is. Immutable.
public final class StoreLocation {
  private static final String FILE_NAME = "pushgate.db";

  private final Settings settings;

  private StoreLocation(Settings settings) {
    this.settings = settings;
  }

  public static StoreLocation of(Settings settings) {
    return new StoreLocation(settings);
  }

  /// What a gateway claims that runs with these settings.
  public Claim claimOfNode() {
    return settings.relay().urls().isPresent() ? Claim.SHARED : Claim.ALONE;
  }

  /// @param claim the ownership of the database to take
  public StoreConfig config(Claim claim) {
    Settings.Store store = settings.store();
    return new StoreConfig(
        url(),
        store.user().or(() -> store.url().flatMap(StoreUrl::user)).orElse(null),
        store.password().or(() -> store.url().flatMap(StoreUrl::password)).orElse(null),
        store.poolSize(),
        store.timeout(),
        claim);
  }

  /// The database's file, when it is the one in the data directory and is not there yet.
  public Optional<Path> missingFile() {
    return Optional.of(file())
        .filter(file -> settings.store().url().isEmpty() && !Files.exists(file));
  }

  private String url() {
    return settings.store().url().map(StoreUrl::jdbc).orElseGet(() -> "jdbc:sqlite:" + file());
  }

  /// The whole path, for whoever reads it may not know in which directory we were started.
  private Path file() {
    return settings.dataDir().toAbsolutePath().normalize().resolve(FILE_NAME);
  }

  /// For people and logs: without what stands behind a `?`, where passwords may be.
  @Override
  public String toString() {
    String url = url();
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }
}
