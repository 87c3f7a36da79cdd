package dev.pushgate.gateway.net;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/// The connections of one event loop that have sent no whole head of a request since they were
/// accepted, or answered: the ones that can be closed for others. Confined to that loop.
///
/// Those that have never asked anything, and those that have, are closed from where there are more
/// of them: so whoever opens many of one kind loses these, and the other kind is left alone.
final class IdleConnections {
  private final Set<HttpConnection> silent = new LinkedHashSet<>();
  private final Set<HttpConnection> answered = new LinkedHashSet<>();

  /// @param hasAsked whether it was answered before
  void add(HttpConnection connection, boolean hasAsked) {
    (hasAsked ? answered : silent).add(connection);
  }

  void remove(HttpConnection connection) {
    silent.remove(connection);
    answered.remove(connection);
  }

  /// Closes the one of the more numerous kind that has been idle for longest.
  ///
  /// @return whether there was one
  boolean closeOldestOfMany(Predicate<HttpConnection> which) {
    return closeOldest(silent.size() >= answered.size() ? silent : answered, which);
  }

  /// Closes one of these, of whatever kind.
  ///
  /// @return whether there was one
  boolean closeOldest(Predicate<HttpConnection> which) {
    return closeOldest(silent, which) || closeOldest(answered, which);
  }

  private static boolean closeOldest(
      Set<HttpConnection> longestFirst, Predicate<HttpConnection> which) {
    for (HttpConnection oldest : longestFirst) {
      if (which.test(oldest)) {
        // Now: or else all who come in one turn of the loop close the same one.
        longestFirst.remove(oldest);
        oldest.close();
        return true;
      }
    }
    return false;
  }
}
