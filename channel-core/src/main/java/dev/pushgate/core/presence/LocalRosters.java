package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The rosters of a node that stands alone, in memory: they end with it, and so does every lease.
/// Thread-safe: each roster is touched by one thread at a time, and its changes are told meanwhile,
/// so that they come in order. Bounded by the limit of each roster and by the channels that
/// somebody is present in.
public final class LocalRosters implements Rosters {
  private final RosterLimits limits;
  private final Duration grace;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Map<ChannelKey, LocalRoster> rosters = new ConcurrentHashMap<>();

  /// Channels with members in their grace time.
  private final Map<ChannelKey, Boolean> leaving = new ConcurrentHashMap<>();

  private @Nullable RosterListener listener;

  /// @param grace how long a member that left may take to return
  /// @param nanoTime as [System#nanoTime]: whoever sets the clock lets nobody leave
  /// @param random for epochs; thread-safe
  public LocalRosters(
      RosterLimits limits, Duration grace, LongSupplier nanoTime, RandomGenerator random) {
    this.limits = limits;
    this.grace = grace;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  @Override
  public void start(RosterListener told) {
    listener = told;
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enter(ChannelKey key, Present member) {
    return enter(key, member, true);
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enterAgain(ChannelKey key, Present member) {
    return enter(key, member, false);
  }

  private CompletionStage<Outcome<RosterStamp>> enter(
      ChannelKey key, Present member, boolean replacesInfo) {
    List<Outcome<RosterStamp>> outcome = new ArrayList<>(1);
    rosters.compute(
        key,
        (_, found) -> {
          LocalRoster roster =
              found == null ? new LocalRoster(key, OpaqueId.next(random), limits) : found;
          RosterChange change = null;
          if (roster.hasRoomFor(member, replacesInfo)) {
            change = roster.enter(member, replacesInfo);
            outcome.add(Outcome.done(roster.stamp()));
          } else {
            outcome.add(full());
          }
          tell(change);
          return roster.isEmpty() ? null : roster;
        });
    return CompletableFuture.completedStage(outcome.getFirst());
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> leave(ChannelKey key, MemberId member) {
    LocalRoster roster =
        rosters.computeIfPresent(
            key,
            (_, found) -> {
              if (found.leave(member, nanoTime.getAsLong() + grace.toNanos())) {
                leaving.put(key, true);
              }
              return found;
            });
    return CompletableFuture.completedStage(
        Outcome.done(roster == null ? RosterStamp.NONE : roster.stamp()));
  }

  @Override
  public CompletionStage<Outcome<Roster>> read(ChannelKey key) {
    Roster[] read = {Roster.EMPTY};
    rosters.computeIfPresent(
        key,
        (_, found) -> {
          read[0] = found.read();
          return found;
        });
    return CompletableFuture.completedStage(Outcome.done(read[0]));
  }

  @Override
  public Duration holdsOn() {
    return grace;
  }

  /// Lets leave whose grace time is over. To be called several times a second, by one thread at a
  /// time.
  public void sweep() {
    leaving.keySet().forEach(this::sweep);
  }

  private void sweep(ChannelKey key) {
    long now = nanoTime.getAsLong();
    rosters.compute(
        key,
        (_, found) -> {
          if (found == null) {
            leaving.remove(key);
            return null;
          }
          RosterChange change = found.nextGone(now);
          while (change != null) {
            tell(change);
            change = found.nextGone(now);
          }
          if (!found.hasLeaving()) {
            leaving.remove(key);
          }
          return found.isEmpty() ? null : found;
        });
  }

  private void tell(@Nullable RosterChange change) {
    if (change != null && listener != null) {
      listener.changed(change);
    }
  }

  private Outcome<RosterStamp> full() {
    return Outcome.refused(Refusal.QUOTA_EXCEEDED, RosterLimits.FULL);
  }
}
