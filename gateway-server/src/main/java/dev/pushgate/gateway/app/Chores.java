package dev.pushgate.gateway.app;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.store.SqlStore;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done now and then, off the event loops. A chore that fails is done again next time; the
/// store itself says when it goes away and comes back.
final class Chores {
  private static final Logger log = LoggerFactory.getLogger(Chores.class);
  private static final long KEYS_EVERY_MS = 1_000;
  private static final long LAST_USES_EVERY_MS = 30_000;
  private static final long TRIM_EVERY_MS = 60_000;

  /// Few enough that publishes hardly wait for one such transaction.
  private static final int TRIM_BATCH = 500;

  private static final int CHORES = 3;

  /// One thread for each, so that none waits for another.
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          CHORES, Thread.ofPlatform().daemon().name("pushgate-chores").factory());
  private final KeyDirectory keys;
  private final SqlStore store;

  private Chores(KeyDirectory keys, SqlStore store) {
    this.keys = keys;
    this.store = store;
  }

  static void start(Settings settings, AuthStage auth, StoreStage store, LifeCycle life) {
    Chores chores = new Chores(auth.directory(), store.store());
    Settings.Archive archive = settings.archive();
    chores.every(KEYS_EVERY_MS, "looking for changed keys", auth.directory()::refresh);
    chores.every(LAST_USES_EVERY_MS, "noting when keys were used", chores::writeLastUses);
    chores.every(
        TRIM_EVERY_MS,
        "trimming the archive",
        () -> store.store().trim(archive.messages(), archive.age(), TRIM_BATCH));
    life.started("the chores", chores::stop);
  }

  /// Again, and not before the last time is over: a slow database is not asked more and more.
  private void every(long periodMs, String what, Supplier<CompletionStage<?>> chore) {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                chore.get().toCompletableFuture().join();
              } catch (RuntimeException e) {
                log.debug("{} failed: {}", what, e.toString());
              }
            },
            periodMs,
            periodMs,
            TimeUnit.MILLISECONDS);
  }

  private CompletionStage<Void> writeLastUses() {
    Map<String, Instant> uses = keys.drainUses();
    return store.keys().touch(uses);
  }

  private void stop() throws InterruptedException {
    timer.shutdownNow();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    StoreStage.await(writeLastUses());
  }
}
