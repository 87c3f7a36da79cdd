package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Refusal;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts what happens to the sessions of one shard. Written by the shard's loop alone, so that
/// counting is a plain addition; read by any thread, a moment late.
public final class SessionCounters implements SessionObserver {
  private static final int OPENED = 0;
  private static final int ENDED = 1;
  private static final int FRAMES_RECEIVED = 2;
  private static final int BYTES_RECEIVED = 3;
  private static final int BYTES_SENT = 4;
  private static final int ACKNOWLEDGED = 5;

  private final AtomicLongArray totals = new AtomicLongArray(6);
  private final AtomicLongArray closed = new AtomicLongArray(CloseReason.values().length);
  private final AtomicLongArray turnedAway = new AtomicLongArray(CloseReason.values().length);
  private final AtomicLongArray refused = new AtomicLongArray(Refusal.values().length);

  @Override
  public void opened() {
    add(totals, OPENED, 1);
  }

  @Override
  public void closed(CloseReason reason) {
    add(totals, ENDED, 1);
    add(closed, reason.ordinal(), 1);
  }

  @Override
  public void turnedAway(CloseReason reason) {
    add(turnedAway, reason.ordinal(), 1);
  }

  @Override
  public void refused(Refusal refusal) {
    add(refused, refusal.ordinal(), 1);
  }

  @Override
  public void frameReceived() {
    add(totals, FRAMES_RECEIVED, 1);
  }

  @Override
  public void received(int bytes) {
    add(totals, BYTES_RECEIVED, bytes);
  }

  @Override
  public void sent(int bytes) {
    add(totals, BYTES_SENT, bytes);
  }

  @Override
  public void acknowledged() {
    add(totals, ACKNOWLEDGED, 1);
  }

  /// How many sessions are open now.
  public long openCount() {
    return Math.max(0, totals.getOpaque(OPENED) - totals.getOpaque(ENDED));
  }

  public long openedTotal() {
    return totals.getOpaque(OPENED);
  }

  public long closedTotal(CloseReason reason) {
    return closed.getOpaque(reason.ordinal());
  }

  public long turnedAwayTotal(CloseReason reason) {
    return turnedAway.getOpaque(reason.ordinal());
  }

  public long refusedTotal(Refusal refusal) {
    return refused.getOpaque(refusal.ordinal());
  }

  public long framesReceivedTotal() {
    return totals.getOpaque(FRAMES_RECEIVED);
  }

  public long bytesReceivedTotal() {
    return totals.getOpaque(BYTES_RECEIVED);
  }

  public long bytesSentTotal() {
    return totals.getOpaque(BYTES_SENT);
  }

  public long acknowledgedTotal() {
    return totals.getOpaque(ACKNOWLEDGED);
  }

  /// No other thread writes: so reading and writing need not be one step.
  private static void add(AtomicLongArray counts, int index, long more) {
    counts.setOpaque(index, counts.getPlain(index) + more);
  }
}
