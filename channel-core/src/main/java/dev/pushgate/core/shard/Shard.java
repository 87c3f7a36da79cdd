package dev.pushgate.core.shard;

/// One event loop and all that is confined to it.
public final class Shard {
  /// This shard's number: 0 to the number of shards - 1.
  public int index() {
    throw new UnsupportedOperationException();
  }

  public ShardLoop loop() {
    throw new UnsupportedOperationException();
  }

  /// Fails, where assertions are on, when the caller is not on this shard's loop.
  public void assertInside() {
    throw new UnsupportedOperationException();
  }
}
