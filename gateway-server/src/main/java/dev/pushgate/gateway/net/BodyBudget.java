package dev.pushgate.gateway.net;

import java.util.concurrent.atomic.AtomicLong;

/// What the bodies of all requests of a listener may take together: one body is bounded, but not
/// how many come at once. Thread-safe.
final class BodyBudget {
  private final long maxBytes;
  private final AtomicLong held = new AtomicLong();

  BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// @return false, and nothing is taken, when there is no room for so many more
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    held.addAndGet(-bytes);
  }

  long heldBytes() {
    return held.get();
  }
}
