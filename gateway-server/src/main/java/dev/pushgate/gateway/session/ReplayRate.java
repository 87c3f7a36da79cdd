package dev.pushgate.gateway.session;

/// How many bytes of what was missed a client, or all of an account, are given: some at once, and
/// then so many a second. A replay is counted when it was given, for nobody knows before how long
/// it is: the next one waits until that is made up for. Confined to its loop.
final class ReplayRate {
  private static final long SECOND = 1_000_000_000;

  private final long bytesPerSecond;
  private final long burstBytes;
  private long owedBytes;
  private long asOfNanos;

  /// @param bytesPerSecond 0 for any number
  ReplayRate(long bytesPerSecond, long burstBytes) {
    this.bytesPerSecond = bytesPerSecond;
    this.burstBytes = burstBytes;
  }

  void gave(long bytes, long nowNanos) {
    if (bytesPerSecond > 0) {
      settle(nowNanos);
      owedBytes += bytes;
    }
  }

  /// How long the next replay has to wait; 0 when it need not.
  long waitNanos(long nowNanos) {
    if (owedBytes <= burstBytes) {
      return 0;
    }
    settle(nowNanos);
    long over = owedBytes - burstBytes;
    return over <= 0 ? 0 : (long) ((double) over / bytesPerSecond * SECOND) + 1;
  }

  /// Whether the next replay need not wait, beside so much that was begun and is not counted yet.
  boolean hasRoomFor(long begunBytes, long nowNanos) {
    if (bytesPerSecond == 0) {
      return true;
    }
    settle(nowNanos);
    return owedBytes + begunBytes <= burstBytes;
  }

  /// Whether nothing is to be made up for.
  boolean isEven(long nowNanos) {
    settle(nowNanos);
    return owedBytes == 0;
  }

  private void settle(long nowNanos) {
    double made = (double) (nowNanos - asOfNanos) / SECOND * bytesPerSecond;
    owedBytes = made >= owedBytes ? 0 : owedBytes - (long) made;
    asOfNanos = nowNanos;
  }
}
