package dev.pushgate.core.cluster;

import java.util.function.Consumer;

/// Tells all nodes, this one included. Thread-safe; no method blocks.
public interface Notices {
  /// Every node gets the notice at least once, this one among them, within a second or two of the
  /// moment at which it can be reached; one that could not be reached for long is told
  /// [Listener#missedSome] instead.
  void tell(Notice notice);

  /// Names the one that is told. Called once, before the first notice.
  void start(Listener listener);

  /// Thread-safe; does not block or throw.
  interface Listener extends Consumer<Notice> {
    /// This node may have missed notices: what they would have said is to be read from the store.
    void missedSome();
  }
}
