package dev.pushgate.gateway.net;

import java.util.LinkedHashSet;
import java.util.Set;

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

  /// Closes the one that has been idle for longest, but not `newcomer`.
  ///
  /// @return whether there was one
  boolean closeOldestBut(HttpConnection newcomer) {
    for (HttpConnection oldest : longestFirst) {
      if (oldest != newcomer) {
        oldest.close();
        return true;
      }
    }
    return false;
  }

  /// Closes the one that has been idle for longest, if there is one.
  void closeOldest() {
    if (!longestFirst.isEmpty()) {
      longestFirst.iterator().next().close();
    }
  }
}
