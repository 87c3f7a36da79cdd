package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread to which everything of the control plane is confined; nothing on it blocks.
/// Thread-safe. After [#close] nothing runs any more.
final class ControlThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlThread.class);

  /// How many messages from Redis may wait; what is beyond is dropped and found out by reading.
  private static final int WAITING_MAX = 10_000;

  private final AtomicInteger waiting = new AtomicInteger();
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("relay-control").daemon().factory());

  /// Runs a task of ours, or an answer to a call of ours: there are only so many of those.
  void run(Runnable task) {
    after(Duration.ZERO, task);
  }

  void after(Duration delay, Runnable task) {
    try {
      var unused = executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      // closed: nothing is to happen any more
    }
  }

  void every(Duration period, Runnable task) {
    var unused =
        executor.scheduleAtFixedRate(
            () -> guarded(task), 0, period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Runs a task for something that came unasked. False when too much of that waits.
  boolean offer(Runnable task) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return false;
    }
    run(
        () -> {
          waiting.decrementAndGet();
          task.run();
        });
    return true;
  }

  /// Whatever is thrown: a task of every second would never run again.
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.error("The relay's control plane failed at something; it goes on", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
