package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;

/// One change of a roster. Immutable.
///
/// @param stamp the roster's after this change: its version is one more than before it
/// @param member as it is now; as it was, when it left
public record RosterChange(ChannelKey key, RosterStamp stamp, Action action, Present member) {
  public enum Action {
    /// The member is present, with this info: it joined, or says something else of itself.
    PRESENT,
    /// The member left.
    GONE
  }
}
