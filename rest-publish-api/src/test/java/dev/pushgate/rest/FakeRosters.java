package dev.pushgate.rest;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterListener;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.core.presence.Rosters;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Rosters that can be read, or are away.
final class FakeRosters implements Rosters {
  final Map<ChannelKey, Roster> rosters = new HashMap<>();
  boolean isAway;

  @Override
  public void start(RosterListener listener) {}

  @Override
  public CompletionStage<Outcome<RosterStamp>> enter(ChannelKey key, Present member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enterAgain(ChannelKey key, Present member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> leave(ChannelKey key, MemberId member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Outcome<Roster>> read(ChannelKey key) {
    return CompletableFuture.completedStage(
        isAway
            ? new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE)
            : Outcome.done(rosters.getOrDefault(key, Roster.EMPTY)));
  }
}
