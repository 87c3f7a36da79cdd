package dev.pushgate.gateway.app;

import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.NewApp;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first stage: the database is open, its schema is up to date, and there is an app. Immutable.
///
/// @param firstStart the keys that were made when there was none
record StoreStage(SqlStore store, StoreLocation location, Optional<FirstStart> firstStart) {
  private static final Logger log = LoggerFactory.getLogger(StoreStage.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

  static StoreStage start(Settings settings, MemoryBudget memory, Clock clock, LifeCycle life) {
    StoreLocation location = StoreLocation.of(settings);
    long mayWait = WaitingMemory.of(memory).inStore();
    SqlStore store =
        open(
            location.config(location.claimOfNode()).withQueueBytes(mayWait),
            settings.store().waitAtStart(),
            clock);
    life.started("the store", store::close);
    return new StoreStage(store, location, firstStart(store, settings.bootstrap(), clock));
  }

  /// Opens it, and tries again for as long as a database may take that is starting itself.
  private static SqlStore open(StoreConfig config, Duration patience, Clock clock) {
    long begun = System.nanoTime();
    boolean isTold = false;
    while (true) {
      try {
        return SqlStore.open(config, clock);
      } catch (StoreStartException e) {
        if (!e.mayPass() || System.nanoTime() - begun >= patience.toNanos()) {
          throw e;
        }
        if (!isTold) {
          log.warn("{}. It is tried again for {} s", e.getMessage(), patience.toSeconds());
          isTold = true;
        }
      }
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
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
