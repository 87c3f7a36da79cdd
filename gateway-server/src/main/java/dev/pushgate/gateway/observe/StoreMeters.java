package dev.pushgate.gateway.observe;

import dev.pushgate.gateway.store.StoreHealth;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Shows how the store and its pool are. Thread-safe.
public final class StoreMeters {
  private StoreMeters() {}

  /// @param health as last seen; asked several times at each scrape, and does not ask the database
  /// @param trimFailures since the start
  public static void bind(
      Supplier<StoreHealth> health, LongSupplier trimFailures, Metrics metrics) {
    metrics.counter(
        "pushgate.store.trim.failures",
        "Times that a channel's archive could not be trimmed",
        trimFailures);
    metrics.gauge(
        "pushgate.store.reachable",
        "1 while the database answers",
        () -> health.get().reachable() ? 1 : 0);
    metrics.gauge(
        "pushgate.store.owned",
        "1 while this node may write to the database",
        () -> health.get().owned() ? 1 : 0);
    metrics.gauge("pushgate.store.queue", "Writes that wait", () -> health.get().queuedJobs());
    metrics.gauge(
        "pushgate.store.queue.bytes", "Bytes that wait", () -> health.get().queuedBytes());
    metrics.gauge(
        "pushgate.store.pool.active", "Connections in use", () -> health.get().connectionsInUse());
    metrics.gauge(
        "pushgate.store.pool.idle", "Connections not in use", () -> health.get().connectionsIdle());
    metrics.gauge(
        "pushgate.store.pool.max", "Connections at the most", () -> health.get().connectionsMax());
    metrics.gauge(
        "pushgate.store.pool.waiting",
        "Threads that wait for a connection",
        () -> health.get().connectionWaiters());
  }
}
