package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;

/// One change of a roster. Immutable.
///
/// @param version the roster's after this change: one more than before it
public record RosterChange(
    ChannelKey key, String epoch, long version, Action action, Present member) {
  public enum Action {
    JOIN,
    LEAVE,
    UPDATE
  }
}
