package dev.pushgate.gateway.net.management;

import java.util.Map;

/// Whether this node can be given traffic, and what it lacks. Asked on event loops: thread-safe,
/// does not block, and answers from what is known.
public interface Readiness {
  /// Whether a balancer is to send clients here.
  boolean isReady();

  /// Check → whether it holds, as things are now. A ready node of which some check does not hold is
  /// degraded.
  ///
  /// @return names of lowercase letters, digits, hyphens, dots and colons
  Map<String, Boolean> checks();

  /// Check → why it does not hold, where that is known: a line for people, in the words of whoever
  /// refuses us.
  Map<String, String> reasons();
}
