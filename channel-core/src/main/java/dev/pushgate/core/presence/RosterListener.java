package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;

/// What rosters bring to a node. Thread-safe; no method blocks or throws.
public interface RosterListener {
  /// Changes of one roster come in the order of their versions; some may be missing.
  void changed(RosterChange change);

  /// The roster may have changed unheard: the channel's home reads it, and enters those of its own
  /// again whom it has lost.
  void doubtful(ChannelKey key);

  /// The roster has a member as present through this node: when nobody here is it, its home has it
  /// leave. Rosters that came back with older data may have such.
  void holds(ChannelKey key, MemberId member);
}
