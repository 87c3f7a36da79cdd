package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.loop.DeadlineWheel;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The one deadline of a session: pings after a silence, closes after a longer one, ends with the
/// session's token or key, and bounds the goodbye. Confined to its session.
final class Liveness {
  private final Session session;
  private final SessionServices services;
  private final SessionLimits.Times times;
  private final @Nullable Instant expiresAt;
  private final Deadline deadline;
  private long heardNanos;
  private long drainedBytes = Long.MIN_VALUE;
  private boolean closing;

  Liveness(Session session, SessionServices services, DeadlineWheel wheel) {
    this.session = session;
    this.services = services;
    this.times = services.limits().times();
    this.expiresAt = session.identity().principal().expiresAt();
    this.heardNanos = services.nanoTime().getAsLong();
    this.deadline = wheel.register(this::expired, untilNext(times.pingAfter()));
  }

  /// The client sent something. Moves no timer: the next expiry looks.
  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /// The goodbye has been said: what is left is to wait for the other side's, not for long.
  void closing() {
    closing = true;
    deadline.reset(times.linger());
  }

  void cancel() {
    deadline.cancel();
  }

  private void expired() {
    if (closing) {
      session.abandon();
    } else if (!services.keys().isLive(session.identity().principal())) {
      session.credentialsEnded();
    } else if (session.isHeldBack()) {
      heldBack();
    } else {
      listen();
    }
  }

  private void listen() {
    Duration silence = Duration.ofNanos(services.nanoTime().getAsLong() - heardNanos);
    if (silence.compareTo(times.idleAfter()) >= 0) {
      session.close(CloseReason.NO_PONG);
      return;
    }
    Duration next = times.pingAfter().minus(silence);
    if (!next.isPositive()) {
      session.ping();
      next = min(times.pingAfter(), times.idleAfter().minus(silence));
    }
    deadline.reset(untilNext(next));
  }

  /// A client that is not read from cannot give a sign of life; but if it takes nothing either, it
  /// has stopped reading.
  private void heldBack() {
    long drained = session.drainedBytes();
    if (!session.awaitsEngine() && drained <= drainedBytes) {
      session.close(CloseReason.SLOW_CONSUMER);
      return;
    }
    drainedBytes = drained;
    heardNanos = services.nanoTime().getAsLong();
    deadline.reset(untilNext(times.idleAfter()));
  }

  private Duration untilNext(Duration delay) {
    return expiresAt == null
        ? delay
        : min(delay, Duration.between(services.clock().instant(), expiresAt));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
