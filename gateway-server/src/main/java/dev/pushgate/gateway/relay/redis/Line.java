package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One connection that is kept up: whenever it is lost another one is dialled, after a random pause
/// that grows with each failure. Thread-safe.
final class Line<C extends StatefulConnection<String, byte[]>> implements AutoCloseable {
  private static final long PAUSE_MS_MIN = 10;
  private static final long PAUSE_MS_FIRST = 50;
  private static final long PAUSE_MS_MAX = 1_000;
  private static final long STEADY_NANOS = 1_000_000_000;

  /// What a line is for. Called in the order of events, never two at once; must not block. [#up]
  /// and [#down] are called with the line's lock: they may take locks of their own, and nobody who
  /// holds one of those may call [Line#drop].
  interface Purpose<C> {
    /// A connection is there; it is up when the stage completes.
    CompletionStage<?> prepare(C connection);

    void up(C connection);

    /// Whatever was up is not any more, or a dial failed.
    void down(Throwable cause);
  }

  private final RelayClient client;
  private final Duration timeout;
  private final Supplier<CompletionStage<C>> dial;
  private final Purpose<C> purpose;
  private volatile @Nullable C current;
  private long upSinceNanos;
  private int failures;
  private boolean closed;

  /// @param timeout how long dialling and preparing may take together
  Line(
      RelayClient client, Duration timeout, Supplier<CompletionStage<C>> dial, Purpose<C> purpose) {
    this.client = client;
    this.timeout = timeout;
    this.dial = dial;
    this.purpose = purpose;
  }

  /// The connection that is up, or null.
  @Nullable C current() {
    return current;
  }

  /// Dials. To be called once.
  void start() {
    CompletableFuture<C> ready = new CompletableFuture<>();
    Runnable noTimeout =
        client.after(timeout, () -> ready.completeExceptionally(new TimeoutException("no answer")));
    CompletionStage<C> outcome = ready;
    outcome.whenComplete(
        (connection, failure) -> {
          noTimeout.run();
          if (failure == null) {
            established(connection);
          } else {
            failed(failure);
          }
        });
    dialled()
        .whenComplete(
            (connection, failure) -> {
              if (failure == null) {
                prepare(connection, ready);
              } else {
                ready.completeExceptionally(failure);
              }
            });
  }

  private CompletionStage<C> dialled() {
    try {
      return dial.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void prepare(C connection, CompletableFuture<C> ready) {
    // Whoever gave up meanwhile leaves nobody to close it.
    CompletionStage<C> outcome = ready;
    outcome.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            close(connection);
          }
        });
    if (ready.isDone()) {
      return;
    }
    try {
      purpose
          .prepare(connection)
          .whenComplete(
              (_, failure) -> {
                if (failure == null) {
                  ready.complete(connection);
                } else {
                  ready.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException e) {
      ready.completeExceptionally(e);
    }
  }

  private void established(C connection) {
    synchronized (this) {
      if (closed) {
        close(connection);
        return;
      }
      upSinceNanos = System.nanoTime();
      current = connection;
      purpose.up(connection);
    }
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            drop(connection, new IllegalStateException("the connection is closed"));
          }
        });
    if (!connection.isOpen()) {
      drop(connection, new IllegalStateException("the connection is closed"));
    }
  }

  /// Gives a connection up, if it is the one that is up, and dials another.
  void drop(C connection, Throwable cause) {
    synchronized (this) {
      if (!connection.equals(current)) {
        return;
      }
      current = null;
      if (System.nanoTime() - upSinceNanos >= STEADY_NANOS) {
        failures = 0;
      }
      purpose.down(cause);
    }
    close(connection);
    again();
  }

  private void failed(Throwable cause) {
    synchronized (this) {
      purpose.down(cause);
    }
    again();
  }

  private synchronized void again() {
    if (!closed) {
      client.after(pause(failures++), this::start);
    }
  }

  private static Duration pause(int failures) {
    long bound = Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST << Math.min(failures, 10));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(PAUSE_MS_MIN, bound + 1));
  }

  private static void close(StatefulConnection<?, ?> connection) {
    connection.closeAsync().exceptionally(_ -> null);
  }

  /// Dials no more. The connection itself is closed with the [RelayClient].
  @Override
  public synchronized void close() {
    closed = true;
    current = null;
  }
}
