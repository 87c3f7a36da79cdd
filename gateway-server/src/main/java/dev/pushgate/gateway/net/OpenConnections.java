package dev.pushgate.gateway.net;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The HTTP connections of a listener, and their end. A socket that became a WebSocket is none of
/// them. Thread-safe.
final class OpenConnections {
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private volatile boolean draining;

  void add(HttpConnection connection) {
    open.add(connection);
    // In this order: a drain that begins in between is seen by one side or the other.
    if (draining) {
      connection.drain();
    }
  }

  void remove(HttpConnection connection) {
    open.remove(connection);
    completeWhenEmpty();
  }

  boolean isDraining() {
    return draining;
  }

  int count() {
    return open.size();
  }

  /// Closes idle connections now, the others behind their answer, and all that are left at the
  /// limit.
  ///
  /// @return completes when no connection is open, or at the limit
  CompletionStage<Void> drain(Duration limit) {
    draining = true;
    open.forEach(HttpConnection::drain);
    completeWhenEmpty();
    return empty
        .copy()
        .completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS)
        .thenRun(this::closeAll);
  }

  void closeAll() {
    open.forEach(HttpConnection::close);
  }

  private void completeWhenEmpty() {
    if (draining && open.isEmpty()) {
      empty.complete(null);
    }
  }
}
