package dev.pushgate.gateway.browser;

import dev.pushgate.gateway.endtoend.Rest;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Publishes 1, 2, 3 … to each of some channels, 50 a second together. Each is tried again with
/// its key until it is answered, also while the gateway is away: on a declared channel it is there
/// once. Thread-safe.
final class SteadyLoad implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_000_000_000L / 50;

  private final Rest rest;
  private final List<String> channels;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Thread publisher;
  private volatile boolean over;
  private volatile @Nullable AssertionError failure;

  SteadyLoad(Rest rest, String... channels) {
    this.rest = rest;
    this.channels = List.of(channels);
    this.publisher = Thread.ofPlatform().name("steady-load").start(this::publishAll);
  }

  /// How many numbers each channel has been given so far.
  int acknowledged() {
    AssertionError failed = failure;
    if (failed != null) {
      throw failed;
    }
    return acknowledged.get();
  }

  private void publishAll() {
    long due = System.nanoTime();
    for (int number = 1; !over; number++) {
      for (String channel : channels) {
        publish(channel, number);
        due += PAUSE_NANOS;
        LockSupport.parkNanos(due - System.nanoTime());
      }
      acknowledged.set(number);
    }
  }

  private void publish(String channel, int number) {
    while (true) {
      try {
        int status =
            rest.publish(channel, Integer.toString(number), "Idempotency-Key", "key-" + number)
                .status();
        if (status == 201) {
          return;
        }
        if (status != 503) {
          failure = new AssertionError("a publish was answered " + status);
          return;
        }
      } catch (UncheckedIOException _) {
        // the gateway is away
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// Ends behind a number that all channels have been given.
  @Override
  public void close() {
    over = true;
    try {
      publisher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
