package dev.pushgate.core.shard;

import java.time.Duration;

/// The thread of a shard, as the shard needs it. Thread-safe.
///
/// Every adapter owes: tasks run one at a time, each seeing what the ones before it wrote; two
/// tasks handed over by one thread run in that order.
public interface ShardLoop {
  /// Whether the caller is on this loop.
  boolean inside();

  /// Runs `task` on the loop after the current round of I/O, so that a task which hands itself over
  /// again never keeps sockets waiting. Wakes a sleeping loop.
  void runAfterIo(Runnable task);

  /// Runs `task` on the loop once, not before `delay` has passed.
  void runLater(Runnable task, Duration delay);
}
