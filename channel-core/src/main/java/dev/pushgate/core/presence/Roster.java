package dev.pushgate.core.presence;

import java.util.List;

/// Who was present in a channel at one moment. Immutable.
///
/// @param epoch an opaque string: versions of another epoch mean nothing in this one
/// @param version how many changes came before it in its epoch
public record Roster(String epoch, long version, List<Present> members) {
  public Roster {
    members = List.copyOf(members);
  }
}
