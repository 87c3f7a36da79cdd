package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;

/// What rosters bring to a node. Thread-safe; no method blocks or throws.
public interface RosterListener {
  /// Changes of one roster come in the order of their versions; some may be missing.
  void changed(RosterChange change);

  /// The roster may have changed unheard, or may have lost members of this node: the channel's home
  /// enters its own again and reads the rest.
  void doubtful(ChannelKey key);

  /// The roster has a member as present through this node: when nobody here is it, its home has it
  /// leave. Rosters that came back with older data may have such.
  void holds(ChannelKey key, MemberId member);
}
