package dev.pushgate.gateway.observe;

import dev.pushgate.gateway.store.StoreHealth;
import dev.pushgate.gateway.store.dialect.DatabaseSize;
import dev.pushgate.gateway.store.dialect.Fault;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// Shows how the store and its pool are. Thread-safe.
public final class StoreMeters {
  private StoreMeters() {}

  /// @param health as last seen; asked several times at each scrape, and does not ask the database
  /// @param size as last measured
  /// @param failures of the database since the start
  /// @param trimFailures since the start
  public static void bind(
      Supplier<StoreHealth> health,
      Supplier<DatabaseSize> size,
      ToLongFunction<Fault> failures,
      LongSupplier trimFailures,
      Metrics metrics) {
    for (Fault fault : Fault.values()) {
      metrics.counter(
          "pushgate.store.failures",
          Tags.of("kind", fault.name().toLowerCase(Locale.ROOT)),
          "Times that the database failed or refused something, by what that says of it",
          () -> failures.applyAsLong(fault));
    }
    metrics.gauge(
        "pushgate.store.refusing",
        "1 while the database refuses everything or some of what it is asked",
        () -> health.get().trouble() == null ? 0 : 1);
    metrics.gauge(
        "pushgate.store.bytes", "Bytes that the database takes", () -> size.get().bytes());
    metrics.gauge(
        "pushgate.store.wal.bytes",
        "Bytes that SQLite's write-ahead log takes",
        () -> size.get().walBytes());
    metrics.counter(
        "pushgate.store.trim.failures",
        "Times that a channel's archive could not be trimmed",
        trimFailures);
    metrics.gauge(
        "pushgate.store.reachable",
        "1 while the database takes messages",
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
