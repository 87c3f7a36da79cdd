package dev.pushgate.gateway.app;

import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.auth.Keys;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.auth.TokenVerifier;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.AddressGuard;
import java.time.Clock;

/// The second stage: all keys are in memory. Immutable.
record AuthStage(
    KeyDirectory directory,
    Authenticator authenticator,
    Keys keys,
    TokenMinter minter,
    AddressGuard guard) {
  /// Enough for an attack from a whole provider's network; some 10 MiB when it is full.
  private static final int REMEMBERED_ADDRESSES = 100_000;

  /// @param keysChanged tells the other nodes
  static AuthStage start(Settings settings, KeyStore store, Clock clock, Runnable keysChanged) {
    KeyDirectory directory = new KeyDirectory(store, clock);
    StoreStage.await(directory.refresh());
    directory.sayChanges();
    return new AuthStage(
        directory,
        new Authenticator(directory, new TokenVerifier(directory, clock)),
        new Keys(store, directory, clock, keysChanged),
        new TokenMinter(clock),
        new AddressGuard(
            settings.limits().authFailuresPerSecond(),
            settings.limits().authFailuresBurst(),
            REMEMBERED_ADDRESSES,
            System::nanoTime));
  }
}
