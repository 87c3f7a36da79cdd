package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import org.jspecify.annotations.Nullable;

/// How many bytes of publishes may wait in one place. All that wait on a node are counted by holder
/// before they come there; so when the place is full, those are refused who have more than their
/// part of it, and who has little waiting still passes. Immutable.
///
/// @param share what all publishes of the node that wait have taken of
/// @param bytes how many may wait in this place
public record WaitingLimit(MemoryShare share, long bytes) {
  /// Told to whom so much of what waits belongs that there is no room for more of it.
  public static final Outcome.Refused<?> YOURS =
      new Outcome.Refused<>(
          Refusal.RATE_LIMITED,
          "Too many of your publishes wait; try again when some of them are answered");

  /// Told when the node is full, of whomever.
  public static final Outcome.Refused<?> FULL =
      new Outcome.Refused<>(
          Refusal.SERVER_ERROR,
          "This node has as many publishes waiting as it has memory for; try again");

  /// Up to how many times what may wait there those pass who have little: the last line, for what
  /// waits longer than its publisher.
  private static final int RESERVE = 4;

  /// Why a publish may not wait there; null when it may. One alone always may: a message that is
  /// larger than all that there is would else be refused for ever.
  ///
  /// @param waiting how many bytes are there already
  public Outcome.@Nullable Refused<?> refusal(MemoryHolder holder, long waiting, int more) {
    if (waiting == 0 || waiting + more <= bytes) {
      return null;
    }
    boolean isGreedy = share.hasMoreThanItsPart(holder, bytes);
    if (!isGreedy && share.keepsAccountOf(holder) && waiting + more <= RESERVE * bytes) {
      return null;
    }
    share.refused();
    return isGreedy ? YOURS : FULL;
  }
}
