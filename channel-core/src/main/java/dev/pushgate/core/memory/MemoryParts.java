package dev.pushgate.core.memory;

/// How much of a share one holder may have, in percent of its limit. Immutable.
public record MemoryParts(int app, int credential, int address) {
  /// No holder is bounded but by the share itself.
  public static final MemoryParts WHOLE = new MemoryParts(100, 100, 100);

  public MemoryParts {
    if (isNoPart(app) || isNoPart(credential) || isNoPart(address)) {
      throw new IllegalArgumentException("a part is 1 to 100 percent");
    }
  }

  private static boolean isNoPart(int percent) {
    return percent < 1 || percent > 100;
  }

  /// So many percent of a limit.
  public static long of(long limitBytes, int percent) {
    return percent == 100
        ? limitBytes
        : limitBytes / 100 * percent + limitBytes % 100 * percent / 100;
  }
}
