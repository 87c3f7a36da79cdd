package dev.pushgate.core.channel;

/// How many bytes of publications a shard's homes hold because of the store or the relay: those
/// that wait for it, and those that are on their way into it. Confined to its shard.
public final class StoreBacklog {
  private final long maxBytes;
  private long bytes;

  public StoreBacklog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  public long bytes() {
    return bytes;
  }

  /// False, and nothing is taken, when there is no room. For one alone there always is: a message
  /// that is larger than all this would else never be stored.
  boolean take(int weight) {
    if (bytes > 0 && bytes + weight > maxBytes) {
      return false;
    }
    bytes += weight;
    return true;
  }

  /// Gives back what [#take] took.
  void release(int weight) {
    bytes -= weight;
  }
}
