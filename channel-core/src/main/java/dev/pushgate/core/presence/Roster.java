package dev.pushgate.core.presence;

import java.util.List;

/// Who was present in a channel at one moment. Immutable.
///
/// @param isComplete whether whoever is missing has left; false for a while after the rosters were
///     away, when nodes may not have entered their members again
public record Roster(RosterStamp stamp, List<Present> members, boolean isComplete) {
  /// Of a channel in which nobody is present.
  public static final Roster EMPTY = new Roster(RosterStamp.NONE, List.of(), true);

  public Roster {
    members = List.copyOf(members);
  }
}
