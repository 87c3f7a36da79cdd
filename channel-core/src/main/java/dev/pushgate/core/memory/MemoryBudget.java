package dev.pushgate.core.memory;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/// What a node may hold in memory, shared out by kind: the one place where that is decided.
/// Thread-safe.
///
/// Beyond its share new work of a kind is refused, or whoever holds most is closed; what others
/// have of the same kind, and all other kinds, are not touched.
public final class MemoryBudget {
  private final Map<MemoryKind, MemoryShare> shares = new EnumMap<>(MemoryKind.class);

  /// @param limitBytes what may be held of each kind; all kinds are there
  /// @param parts what one holder may have of each
  public MemoryBudget(Map<MemoryKind, Long> limitBytes, MemoryParts parts) {
    for (MemoryKind kind : MemoryKind.values()) {
      Long limit = limitBytes.get(kind);
      if (limit == null) {
        throw new IllegalArgumentException("no limit for " + kind.label());
      }
      shares.put(kind, new MemoryShare(kind, limit, parts));
    }
  }

  /// A budget that bounds nothing: for tests and tools.
  public static MemoryBudget unlimited() {
    Map<MemoryKind, Long> limits = new EnumMap<>(MemoryKind.class);
    for (MemoryKind kind : MemoryKind.values()) {
      limits.put(kind, Long.MAX_VALUE);
    }
    return new MemoryBudget(limits, MemoryParts.WHOLE);
  }

  public MemoryShare share(MemoryKind kind) {
    MemoryShare share = shares.get(kind);
    if (share == null) {
      throw new IllegalArgumentException("no share for " + kind.label());
    }
    return share;
  }

  public void forEach(Consumer<MemoryShare> action) {
    shares.values().forEach(action);
  }
}
