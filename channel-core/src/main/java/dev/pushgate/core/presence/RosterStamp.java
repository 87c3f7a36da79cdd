package dev.pushgate.core.presence;

/// Which state of a roster is meant. Immutable.
///
/// @param epoch an opaque string: versions of another epoch mean nothing in this one. Empty where
///     nobody is present: then there is no roster, and the next one begins a new epoch
/// @param version how many changes came before it in its epoch
public record RosterStamp(String epoch, long version) {
  public static final RosterStamp NONE = new RosterStamp("", 0);
}
