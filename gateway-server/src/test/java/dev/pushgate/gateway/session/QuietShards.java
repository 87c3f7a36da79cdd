package dev.pushgate.gateway.session;

import dev.pushgate.core.shard.ShardObserver;

/// Counts nothing; fails loudly.
final class QuietShards implements ShardObserver {
  @Override
  public void published() {}

  @Override
  public void fannedOut(int frames, int subscribers, long bytes, long nanos) {}

  @Override
  public void gap(int subscribers) {}

  @Override
  public void heldBack() {}

  @Override
  public void failed(RuntimeException failure) {
    throw new AssertionError("a shard failed", failure);
  }
}
