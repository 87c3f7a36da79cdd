package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import java.util.EnumMap;
import java.util.Map;

/// Budgets of nodes in simulations, and what must be left of them. Stateless.
final class Budgets {
  private Budgets() {}

  /// Without bounds but for one kind.
  static MemoryBudget with(MemoryKind kind, long limitBytes) {
    return with(Map.of(kind, limitBytes), MemoryParts.WHOLE);
  }

  static MemoryBudget with(Map<MemoryKind, Long> bounded, MemoryParts parts) {
    Map<MemoryKind, Long> limits = new EnumMap<>(MemoryKind.class);
    for (MemoryKind kind : MemoryKind.values()) {
      limits.put(kind, bounded.getOrDefault(kind, Long.MAX_VALUE));
    }
    return new MemoryBudget(limits, parts);
  }

  /// Everything that was taken has been given back.
  static void checkNothingIsHeld(MemoryBudget budget) {
    budget.forEach(
        share -> assertThat(share.usedBytes()).as("bytes of %s", share.kind().label()).isZero());
  }
}
