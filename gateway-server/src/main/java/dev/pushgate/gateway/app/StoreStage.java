package dev.pushgate.gateway.app;

import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.NewApp;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.store.SqlStore;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The first stage: the database is open, its schema is up to date, and there is an app. Immutable.
///
/// @param firstStart the keys that were made when there was none
record StoreStage(SqlStore store, StoreLocation location, Optional<FirstStart> firstStart) {

  static StoreStage start(Settings settings, Clock clock, LifeCycle life) {
    StoreLocation location = StoreLocation.of(settings);
    SqlStore store = SqlStore.open(location.config(location.claimOfNode()), clock);
    life.started("the store", store::close);
    return new StoreStage(store, location, firstStart(store, settings.bootstrap(), clock));
  }

  private static Optional<FirstStart> firstStart(
      SqlStore store, Settings.Bootstrap bootstrap, Clock clock) {
    if (!await(store.keys().load()).apps().isEmpty()) {
      return Optional.empty();
    }
    NewApp made =
        NewApp.of(
            AppId.DEFAULT,
            "Default",
            bootstrap.publishKey().orElseGet(() -> KeyText.generate(KeyKind.PUBLISH)),
            bootstrap.secretKey().orElseGet(() -> KeyText.generate(KeyKind.SECRET)),
            bootstrap.managementKey().orElseGet(() -> KeyText.generate(KeyKind.MANAGEMENT)),
            clock.instant());
    // False when another process was quicker: its keys are the ones that count.
    return await(store.keys().createApp(made.app(), made.keys("first start")))
        ? Optional.of(new FirstStart(made.publishKey(), made.secretKey(), made.managementKey()))
        : Optional.empty();
  }

  /// Waits for the store, which answers within its time limit.
  static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
