package dev.pushgate.gateway.net;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The connections of one event loop that have sent no whole head of a request since they were
/// accepted, or answered: the ones that can be closed for others. Confined to that loop.
///
/// First those go that have not asked for anything yet. A client that was answered here may send
/// its next request at the moment when its connection is closed, and cannot know what became of it:
/// so such a one goes only when it has been idle for a while.
final class IdleConnections {
  private final LongSupplier nanoTime;

  /// Since when each is idle, those first that have been for longest.
  private final Map<HttpConnection, Long> silent = new LinkedHashMap<>();

  private final Map<HttpConnection, Long> answered = new LinkedHashMap<>();

  /// @param nanoTime as [System#nanoTime]
  IdleConnections(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// @param hasAsked whether it was answered before
  void add(HttpConnection connection, boolean hasAsked) {
    (hasAsked ? answered : silent).put(connection, nanoTime.getAsLong());
  }

  void remove(HttpConnection connection) {
    silent.remove(connection);
    answered.remove(connection);
  }

  /// Closes the one that has asked for nothing for longest.
  ///
  /// @return whether there was one
  boolean closeSilent(Predicate<HttpConnection> which) {
    return closeOldest(silent, Duration.ZERO, which);
  }

  /// Closes the one that has been idle for longest since its answer.
  ///
  /// @param leastIdle for how long it must have been
  /// @return whether there was one
  boolean closeAnswered(Predicate<HttpConnection> which, Duration leastIdle) {
    return closeOldest(answered, leastIdle, which);
  }

  private boolean closeOldest(
      Map<HttpConnection, Long> longestFirst, Duration leastIdle, Predicate<HttpConnection> which) {
    long now = nanoTime.getAsLong();
    for (Map.Entry<HttpConnection, Long> each : longestFirst.entrySet()) {
      if (now - each.getValue() < leastIdle.toNanos()) {
        return false; // so are all behind it
      }
      HttpConnection oldest = each.getKey();
      if (which.test(oldest)) {
        // Now: or else all who come in one turn of the loop close the same one.
        longestFirst.remove(oldest);
        oldest.place().closeForAnother();
        return true;
      }
    }
    return false;
  }
}
