package dev.pushgate.core.presence;

/// What a roster may hold. Immutable.
///
/// @param members how many members a channel may have
/// @param bytes how much all of them may weigh together, as [Present#weight] counts: a whole roster
///     is given to a client in one frame, which is to fit what may wait for a connection
public record RosterLimits(int members, long bytes) {
  /// Why somebody cannot be present, or cannot say more of itself.
  public static final String FULL =
      "As many are present in this channel, with as much to say of themselves, as there is room for";
}
