package dev.pushgate.gateway.store;

import dev.pushgate.auth.Secret;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;

/// The databases that every promise is kept on. Immutable.
enum Backend {
  SQLITE {
    @Override
    StoreConfig fresh(Path directory, Duration timeout) {
      return new StoreConfig(
          "jdbc:sqlite:" + directory.resolve("data").resolve("pushgate.db"),
          null,
          null,
          4,
          timeout,
          Claim.ALONE);
    }
  },
  POSTGRES {
    @Override
    StoreConfig fresh(Path directory, Duration timeout) {
      return at(TestPostgres.freshDatabase(), timeout);
    }
  };

  static final Duration PATIENT = Duration.ofSeconds(20);

  /// A database that nobody has used before, and that this one will own.
  abstract StoreConfig fresh(Path directory, Duration timeout);

  static StoreConfig at(TestDatabase database, Duration timeout) {
    String password = database.password();
    return new StoreConfig(
        database.url(),
        database.user(),
        password == null ? null : new Secret(password),
        8,
        timeout,
        Claim.ALONE);
  }

  /// The same database for a tool beside the node.
  static StoreConfig beside(StoreConfig node) {
    return new StoreConfig(
        node.url(), node.user(), node.password(), node.poolSize(), node.timeout(), Claim.NONE);
  }

  /// The same database for a node of a cluster.
  static StoreConfig shared(StoreConfig node) {
    return new StoreConfig(
        node.url(), node.user(), node.password(), node.poolSize(), node.timeout(), Claim.SHARED);
  }
}
