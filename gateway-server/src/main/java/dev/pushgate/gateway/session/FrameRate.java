package dev.pushgate.gateway.session;

/// How fast a client sends frames, as a leaky bucket in one number. Confined to its session.
final class FrameRate {
  /// What is to be done about a frame.
  enum Verdict {
    FINE,
    /// The first one over the limit: tell the client.
    WARN,
    /// The client was told and went on for another second's worth.
    CLOSE
  }

  private static final long SECOND = 1_000_000_000;

  private final long frameNanos;
  private final long burstNanos;
  private long emptyAtNanos;
  private boolean warned;

  FrameRate(int perSecond, int burst, long nowNanos) {
    this.frameNanos = SECOND / perSecond;
    this.burstNanos = frameNanos * burst;
    this.emptyAtNanos = nowNanos;
  }

  /// Counts a frame.
  Verdict count(long nowNanos) {
    if (emptyAtNanos - nowNanos <= 0) {
      emptyAtNanos = nowNanos;
      warned = false;
    }
    emptyAtNanos += frameNanos;
    long over = emptyAtNanos - nowNanos - burstNanos;
    if (over <= 0) {
      return Verdict.FINE;
    }
    if (over > SECOND) {
      return Verdict.CLOSE;
    }
    boolean first = !warned;
    warned = true;
    return first ? Verdict.WARN : Verdict.FINE;
  }
}
