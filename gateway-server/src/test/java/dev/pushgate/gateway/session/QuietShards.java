package dev.pushgate.gateway.session;

import dev.pushgate.core.shard.ShardObserver;
import org.jspecify.annotations.Nullable;

/// Counts nothing; a shard that failed fails the test at its end.
final class QuietShards implements ShardObserver {
  private volatile @Nullable Throwable fault;

  void rethrow() {
    if (fault != null) {
      throw new AssertionError("a shard failed", fault);
    }
  }

  @Override
  public void published() {}

  @Override
  public void fannedOut(int frames, int subscribers, long bytes, long nanos) {}

  @Override
  public void gap(int subscribers) {}

  @Override
  public void heldBack() {}

  @Override
  public void unheard() {}

  @Override
  public void fault(Throwable thrown) {
    fault = thrown;
  }
}
