package dev.pushgate.gateway.net;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/// The connections of one event loop that have sent no whole head of a request since they were
/// accepted, or answered: the ones that can be closed for others. Confined to that loop.
final class IdleConnections {
  private final Set<HttpConnection> longestFirst = new LinkedHashSet<>();

  void add(HttpConnection connection) {
    longestFirst.add(connection);
  }

  void remove(HttpConnection connection) {
    longestFirst.remove(connection);
  }

  /// Closes the one of these that has been idle for longest.
  ///
  /// @return whether there was one
  boolean closeOldest(Predicate<HttpConnection> which) {
    for (HttpConnection oldest : longestFirst) {
      if (which.test(oldest)) {
        oldest.close();
        return true;
      }
    }
    return false;
  }
}
