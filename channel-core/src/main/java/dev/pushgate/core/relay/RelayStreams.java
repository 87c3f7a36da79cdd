package dev.pushgate.core.relay;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The streams of all channels as a relay keeps them for all nodes, and as the homes of one node
/// follow them. Thread-safe; no method blocks.
///
/// Every adapter owes:
/// - *Confirmation.* After [#follow], and again whenever the connection broke and came back or the
///   relay has lost its data, [RelayListener#confirmed] is called: what is published after that
///   call arrives, and what was published before it is found by [#read].
/// - *Repair.* An arrival that found no room is followed by [RelayListener#missed].
/// - *Order.* Arrivals of one channel come in the order of the relay; some may be missing and some
///   may come twice.
/// - *Truth.* [#read] tells the stream as it is at a moment after the call.
/// - *Time.* Every stage completes within the relay's time limit, with [RelayUnavailableException]
///   when it could not answer. A read that failed because the relay cannot be reached is followed
///   by [RelayListener#missed], or a confirmation, when it can be again.
public interface RelayStreams {
  /// Begins to bring a channel's publications to the [RelayListener]. To be ended with [#unfollow];
  /// one follows another in the order of the calls of one thread.
  void follow(ChannelKey key);

  void unfollow(ChannelKey key);

  /// Reads the stream behind `seen`: everything newer that the relay still has, or the newest it
  /// has when nothing was seen.
  ///
  /// What was seen must be in the stream. When it is not (the relay lost data: its head is behind
  /// `seen`, or holds another message there), the relay begins a new epoch and tells all who follow
  /// the channel; the answer is in that epoch.
  ///
  /// @param taken completes when the caller is done with the slice, or with the failure: the relay
  ///     bounds how many slices wait for that
  CompletionStage<StreamSlice> read(ChannelKey key, @Nullable Seen seen, CompletionStage<?> taken);

  /// Where the stream stands; empty when the relay knows no such channel.
  CompletionStage<Optional<StreamPosition>> head(ChannelKey key);
}
