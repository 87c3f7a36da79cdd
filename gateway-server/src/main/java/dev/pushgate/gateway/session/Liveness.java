package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.loop.DeadlineWheel;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The one deadline of a session: pings after a silence, closes after a longer one, warns of the
/// end of the session's token, ends with its token or key, and bounds the goodbye. Confined to its
/// session.
final class Liveness {
  /// How long before its end the bearer of a token is told, so that it can fetch another: as much
  /// as half of what is left at the most.
  private static final Duration NOTICE = Duration.ofSeconds(30);

  private final Session session;
  private final SessionServices services;
  private final SessionLimits.Times times;

  /// When the session ends by itself; null for never.
  private @Nullable Instant expiresAt;

  /// When the client is told of that; null when it has been, or is not to be.
  private @Nullable Instant warnAt;

  private final Deadline deadline;
  private long heardNanos;

  /// When the client is looked at next. The deadline may be earlier: for the token's sake.
  private long lookAtNanos;

  /// Whether something waits for the client since it was looked at last, how much it had taken by
  /// then, and when it took something last.
  private boolean hasWaiting;

  private long takenBytes;
  private long tookNanos;

  private boolean leaving;
  private boolean closing;

  Liveness(Session session, SessionServices services, DeadlineWheel wheel) {
    this.session = session;
    this.services = services;
    this.times = services.limits().times();
    this.expiresAt = session.identity().principal().expiresAt();
    this.warnAt =
        session.identity().principal() instanceof Principal.TokenBearer token
            ? noticeOf(token)
            : null;
    this.heardNanos = services.nanoTime().getAsLong();
    this.lookAtNanos = heardNanos + times.pingAfter().toNanos();
    this.deadline = wheel.register(this::expired, untilNext(times.pingAfter()));
  }

  /// The client sent something. Moves no timer: the next expiry looks.
  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /// Something waits for the client from now on. It is looked at again before it may have taken
  /// nothing of it for too long.
  void fallsBehind() {
    if (!closing && !leaving) {
      waitsFrom(services.nanoTime().getAsLong());
      lookAfter(Duration.ofNanos(Math.max(0, lookAtNanos - tookNanos)));
    }
  }

  private void waitsFrom(long nowNanos) {
    hasWaiting = true;
    takenBytes = session.outbox().drainedBytes();
    tookNanos = nowNanos;
  }

  /// The session ends when what was asked for is done, or when this has taken too long.
  void leaving() {
    leaving = true;
    deadline.reset(times.leaving());
  }

  /// The goodbye has been said: what is left is to wait for the other side's, not for long.
  void closing() {
    closing = true;
    deadline.reset(times.linger());
  }

  /// When the bearer of a token is told that it ends. Not at once, when it has little time left:
  /// its bearer may get another such for it, and again, without end.
  private Instant noticeOf(Principal.TokenBearer token) {
    Duration left = Duration.between(services.clock().instant(), token.expiresAt());
    return token.expiresAt().minus(min(NOTICE, left.dividedBy(2)));
  }

  /// The session goes on with another token: it ends with that, sooner or later than before, and is
  /// told of it anew. But who was told already hears no more of a token that brings no more time.
  void renewed(Principal.TokenBearer token) {
    Instant end = token.expiresAt();
    if (warnAt != null || expiresAt == null || end.isAfter(expiresAt)) {
      warnAt = noticeOf(token);
    }
    expiresAt = end;
    lookAfter(Duration.ofNanos(lookAtNanos - services.nanoTime().getAsLong()));
  }

  /// The clock was set: what ends or is told at a time of day is looked at again, soon. Not of one
  /// that says goodbye: the time that this may take is no time of day.
  void lookAgain() {
    if (!leaving && !closing) {
      deadline.reset(Duration.ZERO);
    }
  }

  void cancel() {
    deadline.cancel();
  }

  private void expired() {
    if (closing) {
      session.abandon();
    } else if (leaving) {
      session.leaveTaking().giveUp();
    } else if (!services.keys().isLive(session.identity().principal())) {
      session.credentialsEnded();
    } else {
      warnInTime();
      long leftNanos = lookAtNanos - services.nanoTime().getAsLong();
      if (leftNanos > 0) {
        lookAfter(Duration.ofNanos(leftNanos));
      } else if (takesNothing()) {
        session.close(CloseReason.SLOW_CONSUMER);
      } else if (session.isHeldBack()) {
        heardNanos = services.nanoTime().getAsLong(); // it cannot give a sign of life
        lookAfter(times.pingAfter());
      } else {
        listen();
      }
    }
  }

  private void warnInTime() {
    if (warnAt != null && !services.clock().instant().isBefore(warnAt)) {
      warnAt = null;
      session.tell(new ServerEvent.TokenExpiring());
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
    lookAfter(next);
  }

  /// Whether something has waited for the client for too long, and it has taken nothing of it: then
  /// it does not read, whatever it sends.
  private boolean takesNothing() {
    long now = services.nanoTime().getAsLong();
    if (session.outbox().pendingBytes() == 0) {
      hasWaiting = false;
    } else if (!hasWaiting || session.outbox().drainedBytes() > takenBytes) {
      waitsFrom(now);
    }
    return hasWaiting && now - tookNanos >= times.idleAfter().toNanos();
  }

  /// @param most sooner when something waits that has to be taken by then
  private void lookAfter(Duration most) {
    long now = services.nanoTime().getAsLong();
    Duration delay =
        hasWaiting ? min(most, times.idleAfter().minusNanos(Math.max(0, now - tookNanos))) : most;
    lookAtNanos = now + delay.toNanos();
    deadline.reset(untilNext(delay));
  }

  private Duration untilNext(Duration delay) {
    Instant wakeAt = warnAt != null ? warnAt : expiresAt;
    return wakeAt == null
        ? delay
        : min(delay, Duration.between(services.clock().instant(), wakeAt));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
