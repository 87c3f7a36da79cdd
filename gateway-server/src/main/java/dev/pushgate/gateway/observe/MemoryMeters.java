package dev.pushgate.gateway.observe;

import dev.pushgate.core.memory.MemoryBudget;
import io.micrometer.core.instrument.Tags;

/// Shows what the node holds in memory, and may hold, by kind. Thread-safe.
public final class MemoryMeters {
  private MemoryMeters() {}

  /// Adds the meters of this budget.
  public static void bind(MemoryBudget budget, Metrics metrics) {
    budget.forEach(
        share -> {
          Tags kind = Tags.of("kind", share.kind().label());
          metrics.gauge(
              "pushgate.memory.used.bytes", kind, "Bytes held of a kind", share::usedBytes);
          metrics.gauge(
              "pushgate.memory.limit.bytes",
              kind,
              "Bytes that may be held of a kind",
              share::limitBytes);
          metrics.counter(
              "pushgate.memory.refusals",
              kind,
              "Refused, or closed, because a kind of memory was used up",
              share::refusals);
        });
  }
}
