package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;

/// One change of a roster. Immutable.
///
/// @param stamp the roster's after this change: its version is one more than before it
/// @param member as it is now; as it was, when it left
public record RosterChange(ChannelKey key, RosterStamp stamp, Action action, Present member) {
  /// What a change takes beside its member.
  private static final int OVERHEAD_BYTES = 256;

  public enum Action {
    /// The member is present, with this info: it joined, or says something else of itself.
    PRESENT,
    /// The member left.
    GONE
  }

  /// About how much memory it takes while it waits, in bytes.
  public int weight() {
    return OVERHEAD_BYTES + member.weight();
  }
}
