package dev.pushgate.gateway.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has been started and how it is stopped: in reverse, each step even when one before it
/// failed. Thread-safe.
final class LifeCycle {
  private static final Logger log = LoggerFactory.getLogger(LifeCycle.class);

  /// One step back. May block.
  @FunctionalInterface
  interface Stop {
    void run() throws Exception;
  }

  private record Step(String name, Stop stop) {}

  private final Deque<Step> started = new ArrayDeque<>();

  /// Notes how to undo what has just been started.
  ///
  /// @param name what is stopped, for the log
  synchronized void started(String name, Stop stop) {
    started.push(new Step(name, stop));
  }

  /// Stops everything, last started first. A failure is logged and the next step taken.
  synchronized void stop() {
    while (!started.isEmpty()) {
      Step step = started.pop();
      try {
        log.debug("Stopping {}", step.name);
        step.stop.run();
      } catch (Exception e) {
        log.error("Could not stop {} cleanly", step.name, e);
      }
    }
  }
}
