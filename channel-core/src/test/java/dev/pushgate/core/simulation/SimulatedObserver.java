package dev.pushgate.core.simulation;

import dev.pushgate.core.shard.ShardObserver;
import org.jspecify.annotations.Nullable;

/// Counts, so that a test can see that the interesting things did happen.
final class SimulatedObserver implements ShardObserver {
  long published;
  long fanOuts;
  long toldGaps;
  long toldEpochs;
  long heldBack;
  long unheard;
  long faults;
  private @Nullable Throwable failure;

  @Override
  public void published() {
    published++;
  }

  @Override
  public void fannedOut(int frames, int subscribers, long bytes, long nanos) {
    fanOuts++;
  }

  @Override
  public void gap(int subscribers) {}

  @Override
  public void heldBack() {
    heldBack++;
  }

  @Override
  public void unheard() {
    unheard++;
  }

  @Override
  public void fault(Throwable thrown) {
    failure = thrown;
    faults++;
  }

  /// For the stages that the simulation itself continues.
  @Nullable Void failed(Throwable thrown) {
    failure = thrown;
    return null;
  }

  /// What failed, if it was to.
  @Nullable Throwable takeFailure() {
    Throwable taken = failure;
    failure = null;
    return taken;
  }

  void rethrow() {
    if (failure != null) {
      throw new AssertionError("something failed in between: " + failure, failure);
    }
  }
}
