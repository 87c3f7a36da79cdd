package dev.pushgate.gateway.net;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/// The connections of one event loop that have sent no whole head of a request since they were
/// accepted, or answered: the ones that can be closed for others. Confined to that loop.
///
/// First those go that have not asked for anything yet: a client that was answered here may send
/// its next request at the moment when its connection is closed, and cannot know what became of it.
final class IdleConnections {
  private final Set<HttpConnection> silent = new LinkedHashSet<>();
  private final Set<HttpConnection> answered = new LinkedHashSet<>();

  /// One that was accepted.
  void addNew(HttpConnection connection) {
    silent.add(connection);
  }

  /// One that was answered.
  void addAnswered(HttpConnection connection) {
    answered.add(connection);
  }

  void remove(HttpConnection connection) {
    if (!silent.remove(connection)) {
      answered.remove(connection);
    }
  }

  /// Closes the one that has asked for nothing for longest.
  ///
  /// @return whether there was one
  boolean closeSilent(Predicate<HttpConnection> which) {
    return closeFirst(silent, which);
  }

  /// Closes the one that has been idle for longest since its answer.
  ///
  /// @return whether there was one
  boolean closeAnswered(Predicate<HttpConnection> which) {
    return closeFirst(answered, which);
  }

  private static boolean closeFirst(Set<HttpConnection> from, Predicate<HttpConnection> which) {
    for (HttpConnection oldest : from) {
      if (which.test(oldest)) {
        oldest.close();
        return true;
      }
    }
    return false;
  }
}
