package dev.pushgate.gateway.session;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Closes sessions one after the other until none is left. Confined to their loop.
final class Drain {
  private static final long STEP_MS = 20;

  private final List<Session> sessions;
  private final EventLoop loop;
  private final LongSupplier nanoTime;
  private final long spreadNanos;
  private final long startNanos;
  private int closed;

  Drain(List<Session> open, EventLoop loop, LongSupplier nanoTime, Duration spread) {
    this.sessions = new ArrayList<>(open);
    Collections.shuffle(sessions);
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.spreadNanos = Math.max(1, spread.toNanos());
    this.startNanos = nanoTime.getAsLong();
  }

  void begin() {
    step();
  }

  /// Closes as many as are due by now.
  private void step() {
    double passed = (double) (nanoTime.getAsLong() - startNanos) / spreadNanos;
    int due = passed >= 1 ? sessions.size() : (int) (sessions.size() * passed);
    while (closed < due) {
      sessions.get(closed++).leaveTaking().nodeDrains();
    }
    if (closed < sessions.size()) {
      var unused = loop.schedule(this::step, STEP_MS, TimeUnit.MILLISECONDS);
    }
  }
}
