package dev.pushgate.gateway.net.management;

import java.util.Map;

/// Whether this node can be given traffic. Asked on event loops: thread-safe, does not block, and
// answers
/// from what is known.
@FunctionalInterface
public interface Readiness {
  /// Check → whether it holds, as things are now. The node is ready when all hold.
  ///
  /// @return names of lowercase letters, digits and hyphens
  Map<String, Boolean> checks();
}
