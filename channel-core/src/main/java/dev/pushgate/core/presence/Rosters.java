package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// The rosters of all channels, over all nodes. Thread-safe; no method blocks; every stage
/// completes within a time limit (a change perhaps after half a minute, when very many wait), never
/// exceptionally, refused with `RELAY_UNAVAILABLE` when the rosters cannot be reached: then nobody
/// knows whether it happened, but it will not happen later, and it can be repeated.
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
///
/// A node repeats what was refused, and does one thing after the other for each member: no adapter
/// has to put the calls of one member in order.
public interface Rosters {
  /// Names the one that is told of changes. Called once, before anything else.
  void start(RosterListener listener);

  /// Makes somebody present through this node, and gives it this info; without info, a member that
  /// is present keeps what it has. Does nothing when it is so already.
  ///
  /// @return the roster's version with it; refused with `QUOTA_EXCEEDED`, and nothing happens, when
  ///     the channel has as many members, or members' info, as it may
  CompletionStage<Outcome<RosterStamp>> enter(ChannelKey key, Present member);

  /// As [#enter] for one that may be present already: then it keeps the info that it has, which may
  /// be newer than this one.
  CompletionStage<Outcome<RosterStamp>> enterAgain(ChannelKey key, Present member);

  /// The member's last connection to this node is gone: unless it is present on another node, its
  /// grace time begins. Does nothing when it is not present through this node.
  CompletionStage<Outcome<RosterStamp>> leave(ChannelKey key, MemberId member);

  /// Who is present now, those in their grace time included.
  CompletionStage<Outcome<Roster>> read(ChannelKey key);

  /// For how long this node's own memory holds a member that left: zero where rosters are
  /// elsewhere.
  default Duration holdsOn() {
    return Duration.ZERO;
  }
}
