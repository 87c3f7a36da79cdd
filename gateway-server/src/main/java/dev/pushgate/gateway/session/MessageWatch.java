package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.loop.DeadlineWheel;
import dev.pushgate.gateway.net.websocket.FrameReader;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Closes a client whose message does not come to its end: not in time, or too slowly. Costs
/// nothing while messages come whole. Confined to its session.
final class MessageWatch {
  /// Less than the slowest telephone line.
  private static final int MIN_BYTES_PER_SECOND = 100;

  private final Session session;
  private final FrameReader reader;
  private final Duration limit;
  private final LongSupplier nanoTime;
  private final DeadlineWheel wheel;
  private @Nullable Deadline deadline;
  private long message = -1;
  private long beganNanos;
  private long bytesBefore;

  MessageWatch(
      Session session,
      FrameReader reader,
      Duration limit,
      LongSupplier nanoTime,
      DeadlineWheel wheel) {
    this.session = session;
    this.reader = reader;
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.wheel = wheel;
  }

  void readEnds() {
    if (reader.isUnfinished() && message != reader.messages()) {
      begin();
    }
  }

  void cancel() {
    if (deadline != null) {
      deadline.cancel();
    }
  }

  private void begin() {
    message = reader.messages();
    beganNanos = nanoTime.getAsLong();
    lookAfter(step());
  }

  private Duration step() {
    return limit.multipliedBy(2).dividedBy(5);
  }

  private void lookAfter(Duration delay) {
    bytesBefore = reader.payloadBytes();
    if (deadline == null) {
      deadline = wheel.register(this::look, delay);
    } else {
      deadline.reset(delay);
    }
  }

  private void look() {
    if (!session.isOpen() || !reader.isUnfinished()) {
      message = -1;
    } else if (message != reader.messages() || session.isHeldBack()) {
      begin(); // another one; or it is we who do not read it
    } else {
      Duration left = limit.minusNanos(nanoTime.getAsLong() - beganNanos);
      long came = reader.payloadBytes() - bytesBefore;
      if (!left.isPositive() || came * 1_000 < step().toMillis() * MIN_BYTES_PER_SECOND) {
        session.close(CloseReason.RATE_LIMITED);
      } else {
        lookAfter(left.compareTo(step()) < 0 ? left : step());
      }
    }
  }
}
