package dev.pushgate.core.simulation;

import dev.pushgate.core.shard.ShardLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A shard's loop that runs a task only when the simulation says so.
final class SimulatedLoop implements ShardLoop {
  private record Timer(long atMs, Runnable task) {}

  private final SimulatedClock clock;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Timer> timers = new ArrayList<>();
  private boolean running;

  SimulatedLoop(SimulatedClock clock) {
    this.clock = clock;
  }

  @Override
  public boolean inside() {
    return running;
  }

  @Override
  public void runAfterIo(Runnable task) {
    tasks.addLast(task);
  }

  @Override
  public void runLater(Runnable task, Duration delay) {
    timers.add(new Timer(clock.steadyMs() + delay.toMillis(), task));
  }

  /// Moves what is due from the timers to the tasks.
  void wake() {
    List<Timer> due = timers.stream().filter(timer -> timer.atMs <= clock.steadyMs()).toList();
    timers.removeAll(due);
    due.forEach(timer -> tasks.addLast(timer.task));
  }

  boolean isBusy() {
    return !tasks.isEmpty();
  }

  void runOne() {
    run(tasks.removeFirst());
  }

  /// Runs what a session does on its loop.
  void run(Runnable task) {
    running = true;
    try {
      task.run();
    } finally {
      running = false;
    }
  }
}
