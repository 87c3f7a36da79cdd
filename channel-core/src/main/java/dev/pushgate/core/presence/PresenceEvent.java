package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;
import java.util.List;

/// What is told to those who asked who is present in a channel. Immutable.
///
/// @param stamp the roster's, this event included
/// @param members for [Action#LEAVE] without their info
public record PresenceEvent(
    ChannelKey key, RosterStamp stamp, Action action, List<Present> members) {
  public enum Action {
    /// All who are present; told once, before anything else.
    STATE,
    JOIN,
    LEAVE,
    UPDATE
  }

  /// What a frame holds beside the members: names, the channel's name, epoch and version.
  private static final int FRAME_OVERHEAD_BYTES = 256;

  public PresenceEvent {
    members = List.copyOf(members);
  }

  /// About how long a frame of this is, in bytes; rather more than less.
  public int weight() {
    int weight = FRAME_OVERHEAD_BYTES + key.name().value().length();
    for (Present member : members) {
      weight += member.weight();
    }
    return weight;
  }
}
