package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.LocalRosters;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.RosterListener;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.core.presence.Rosters;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rosters that can be away, can lose everything, and whose changes can be lost on the way.
final class BreakableRosters implements Rosters {
  static final RosterLimits LIMITS = new RosterLimits(1_000, 1_000_000);
  static final Duration GRACE = Duration.ofSeconds(5);

  private final SimulatedClock clock;
  private final SplittableRandom random = new SplittableRandom(7);
  private LocalRosters rosters;
  private @Nullable RosterListener listener;
  boolean away;
  boolean deaf;
  boolean incomplete;
  int reads;
  int asked;

  BreakableRosters(SimulatedClock clock) {
    this.clock = clock;
    this.rosters = make(LIMITS);
  }

  private LocalRosters make(RosterLimits limits) {
    LocalRosters made = new LocalRosters(limits, GRACE, clock::nanos, random);
    made.start(new Hearing());
    return made;
  }

  @Override
  public Duration holdsOn() {
    return GRACE;
  }

  void limit(RosterLimits limits) {
    rosters = make(limits);
  }

  void loseEverything() {
    rosters = make(LIMITS);
  }

  void sweep() {
    rosters.sweep();
  }

  /// What another node does.
  LocalRosters elsewhere() {
    return rosters;
  }

  @Override
  public void start(RosterListener told) {
    listener = told;
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enter(ChannelKey key, Present member) {
    return ask(() -> rosters.enter(key, member));
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enterAgain(ChannelKey key, Present member) {
    return ask(() -> rosters.enterAgain(key, member));
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> leave(ChannelKey key, MemberId member) {
    return ask(() -> rosters.leave(key, member));
  }

  @Override
  public CompletionStage<Outcome<Roster>> read(ChannelKey key) {
    reads++;
    return ask(() -> rosters.read(key))
        .thenApply(
            outcome ->
                outcome.map(roster -> new Roster(roster.stamp(), roster.members(), !incomplete)));
  }

  private <T> CompletionStage<Outcome<T>> ask(Supplier<CompletionStage<Outcome<T>>> call) {
    asked++;
    return away
        ? CompletableFuture.completedStage(new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE))
        : call.get();
  }

  private final class Hearing implements RosterListener {
    @Override
    public void changed(RosterChange change) {
      if (!deaf && listener != null) {
        listener.changed(change);
      }
    }

    @Override
    public void doubtful(ChannelKey key) {
      if (listener != null) {
        listener.doubtful(key);
      }
    }

    @Override
    public void holds(ChannelKey key, MemberId member) {
      if (listener != null) {
        listener.holds(key, member);
      }
    }
  }

  /// Says that a roster may have changed unheard.
  void doubt(ChannelKey key) {
    new Hearing().doubtful(key);
  }

  /// Says whom a roster has through this node.
  void hold(ChannelKey key, MemberId member) {
    new Hearing().holds(key, member);
  }
}
