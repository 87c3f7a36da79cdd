package dev.pushgate.gateway.store;

import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.Pauses;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the database is there, as last seen. Once it was found away, everybody is told so at
/// once, and one thread asks until it is back: so nobody queues up behind a database that hangs,
/// and the log has one line when it goes and one when it comes. Thread-safe.
final class Availability implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Availability.class);
  private static final DoublingPause BETWEEN_PROBES =
      new DoublingPause(Duration.ofMillis(100), Duration.ofSeconds(1));

  private final String place;
  private final Runnable onAway;
  private final Runnable probe;
  private final AtomicReference<@Nullable StoreUnavailableException> away = new AtomicReference<>();
  private final Pauses pauses = new Pauses();

  /// @param place the database, for people
  /// @param onAway lets go of connections that may be dead; does not block
  /// @param probe does what a writer would, and throws when that fails
  Availability(String place, Runnable onAway, Runnable probe) {
    this.place = place;
    this.onAway = onAway;
    this.probe = probe;
  }

  /// Why nothing can be done now; null when something can.
  @Nullable StoreUnavailableException refusal() {
    return away.get();
  }

  /// To be told when the database turned out to be away.
  void away(String why) {
    StoreUnavailableException refusal =
        StoreUnavailableException.notBegun("the " + place + " is away: " + why);
    if (!pauses.isClosed() && away.compareAndSet(null, refusal)) {
      log.warn("The {} is away: {}", place, why);
      onAway.run();
      Thread.ofPlatform().daemon().name("store-probe").start(this::probeUntilBack);
    }
  }

  private void probeUntilBack() {
    long since = System.nanoTime();
    Duration pause = BETWEEN_PROBES.first();
    while (!pauses.isClosedAfter(pause)) {
      try {
        probe.run();
        away.set(null);
        log.info("The {} is back after {} ms", place, (System.nanoTime() - since) / 1_000_000);
        return;
      } catch (RuntimeException e) {
        log.debug("The {} is still away: {}", place, SqlFailures.sentence(e));
      }
      pause = BETWEEN_PROBES.after(pause);
    }
  }

  /// Stops asking.
  @Override
  public void close() {
    pauses.close();
  }
}
