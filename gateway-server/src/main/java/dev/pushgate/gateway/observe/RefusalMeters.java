package dev.pushgate.gateway.observe;

import dev.pushgate.core.outcome.Refusal;
import io.micrometer.core.instrument.Tags;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// Shows what was refused; one meter for all ways in. Thread-safe.
final class RefusalMeters {
  private RefusalMeters() {}

  /// @param via how the refused requests came
  static void bind(String via, ToLongFunction<Refusal> count, Metrics metrics) {
    for (Refusal refusal : Refusal.values()) {
      bind(via, refusal.name(), () -> count.applyAsLong(refusal), metrics);
    }
  }

  /// @param code what it is called that was refused, out of a closed set
  static void bind(String via, String code, LongSupplier count, Metrics metrics) {
    metrics.counter(
        "pushgate.refusals",
        Tags.of("via", via, "code", code),
        "Requests refused, by how they came and the error's code",
        count);
  }
}
