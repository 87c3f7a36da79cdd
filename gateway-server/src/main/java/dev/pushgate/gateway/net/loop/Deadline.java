package dev.pushgate.gateway.net.loop;

import java.time.Duration;

/// A moment at which something is done unless it is moved or called off before: the answer to "what
/// if the other side says nothing". Made by [DeadlineWheel#register]; confined to its wheel's loop.
/// Every operation takes constant time.
public final class Deadline {
  private final DeadlineWheel wheel;
  private final Runnable onExpiry;

  /// The neighbours in the slot's ring; itself when it stands in none.
  private Deadline before = this;

  private Deadline after = this;

  /// When it expires.
  long dueTick;

  /// When its slot is visited next. A deadline that was moved to a later tick is found then, and
  /// carried on.
  long visitTick;

  Deadline(DeadlineWheel wheel, Runnable onExpiry) {
    this.wheel = wheel;
    this.onExpiry = onExpiry;
  }

  /// The head of a ring, itself no deadline.
  static Deadline head(DeadlineWheel wheel) {
    return new Deadline(wheel, () -> {});
  }

  /// Moves the deadline to `delay` from now; arms it again when it has expired or was called off.
  public void reset(Duration delay) {
    wheel.reset(this, delay);
  }

  /// Calls the deadline off. Does nothing when it has expired.
  public void cancel() {
    wheel.cancel(this);
  }

  void expire() {
    onExpiry.run();
  }

  @SuppressWarnings("ReferenceEquality") // a place in a ring, not a value
  boolean isAlone() {
    return after == this;
  }

  Deadline next() {
    return after;
  }

  /// Puts `deadline`, which stands in no ring, at the end of the ring of this head.
  void append(Deadline deadline) {
    deadline.before = before;
    deadline.after = this;
    before.after = deadline;
    before = deadline;
  }

  void unlink() {
    before.after = after;
    after.before = before;
    before = this;
    after = this;
  }
}
