package dev.pushgate.core.memory;

/// What one event loop holds of a kind, as a [MemoryShare] was told last. Confined to its loop.
public final class NotedBytes {
  private final MemoryShare share;
  private long bytes;

  public NotedBytes(MemoryShare share) {
    this.share = share;
  }

  /// Notes that so much is held now.
  public void now(long held) {
    share.note(held - bytes);
    bytes = held;
  }
}
