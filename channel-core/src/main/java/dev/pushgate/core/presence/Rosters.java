package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import java.util.concurrent.CompletionStage;

/// The rosters of all channels, over all nodes. Thread-safe; no method blocks; every stage
/// completes within a time limit, never exceptionally, refused with `RELAY_UNAVAILABLE` when the
/// rosters cannot be reached.
///
/// Every adapter owes:
/// - *Once.* A member that enters on several nodes or several times joins once, and leaves once:
///   when it has left every node it entered on and its grace time is over. Whoever returns within
///   the grace time, on whatever node, neither leaves nor joins.
/// - *Told.* Each change is brought to the [RosterListener] of every node that has members in the
///   channel, numbered by the roster's version.
/// - *Exact after a crash.* The members of a node that died leave within its lease; those that were
///   in their grace time leave too. While the rosters themselves cannot be reached nobody's lease
///   ends, nor before one lease has passed after that.
public interface Rosters {
  /// Names the one that is told of changes. Called once, before anything else.
  void start(RosterListener listener);

  /// Makes somebody present through this node, or changes its info. Does nothing when it is so
  /// already.
  ///
  /// @return the roster with it; refused with `QUOTA_EXCEEDED` when the channel has as many members
  ///     as it may
  CompletionStage<Outcome<Roster>> enter(ChannelKey key, Present member);

  /// The member's last connection to this node is gone: unless it is present on another node, its
  /// grace time begins.
  void leave(ChannelKey key, MemberId member);

  /// Who is present now, those in their grace time included.
  CompletionStage<Outcome<Roster>> read(ChannelKey key);
}
