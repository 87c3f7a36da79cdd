package dev.pushgate.gateway.store.dialect;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The waits of a thread that ends when its owner is closed. Thread-safe.
public final class Pauses implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Waits; true when there is nothing to wait for any more, because this is closed or the thread
  /// was interrupted.
  public boolean isClosedAfter(Duration pause) {
    try {
      return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  /// Ends the wait under way and all that follow.
  @Override
  public void close() {
    closed.countDown();
  }
}
