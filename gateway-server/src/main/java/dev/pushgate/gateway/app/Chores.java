package dev.pushgate.gateway.app;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.core.outcome.FailureWords;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.store.SqlStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done now and then, off the event loops. A chore that fails is done again next time. The
/// store itself says when it goes away and comes back; what fails beside that is said once, and
/// again when it works.
final class Chores {
  private static final Logger log = LoggerFactory.getLogger(Chores.class);
  private static final long LAST_USES_EVERY_MS = 30_000;
  private static final long TRIM_EVERY_MS = 60_000;

  /// Few enough that publishes hardly wait for one such transaction.
  private static final int TRIM_BATCH = 500;

  private static final int CHORES = 3;

  /// One thread for each, so that none waits for another.
  private final ScheduledThreadPoolExecutor timer;
  private final SqlStore store;
  private final LastUses lastUses;

  /// @param what begins a sentence such as "… failed"
  record Periodic(long periodMs, String what, Runnable work) {}

  private Chores(KeyDirectory keys, SqlStore store, int more) {
    this.timer =
        new ScheduledThreadPoolExecutor(
            CHORES + more, Thread.ofPlatform().daemon().name("pushgate-chores").factory());
    this.store = store;
    this.lastUses = new LastUses(keys::drainUses, store.keys()::touch);
  }

  /// @param keysEvery how often changed keys are looked for
  /// @param more what is to be done beside what every node does
  static void start(
      Settings settings,
      Duration keysEvery,
      AuthStage auth,
      StoreStage store,
      List<Periodic> more,
      LifeCycle life) {
    Chores chores = new Chores(auth.directory(), store.store(), more.size());
    more.forEach(chore -> chores.every(chore.periodMs(), chore.what(), chore.work()));
    Settings.Archive archive = settings.archive();
    chores.every(
        keysEvery.toMillis(),
        "Looking for changed keys",
        () -> StoreStage.await(auth.directory().refresh()));
    chores.every(LAST_USES_EVERY_MS, "Noting when keys were used", chores.lastUses::write);
    chores.every(
        TRIM_EVERY_MS,
        "Trimming the archive",
        () -> store.store().trim(archive.messages(), archive.age(), TRIM_BATCH));
    life.started("the chores", chores::stop);
  }

  /// Again, and not before the last time is over: a slow database is not asked more and more.
  private void every(long periodMs, String what, Runnable work) {
    var unused =
        timer.scheduleWithFixedDelay(
            new Chore(what, work, this::isToBeTold), periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  private boolean isToBeTold() {
    return !timer.isShutdown() && store.health().reachable();
  }

  private void stop() throws InterruptedException {
    timer.shutdownNow();
    timer.awaitTermination(1, TimeUnit.SECONDS);
    try {
      lastUses.write();
    } catch (CompletionException e) {
      log.warn("When keys were last used could not be noted: {}", FailureWords.of(e));
    }
  }
}
