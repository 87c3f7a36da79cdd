package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Attendant;
import dev.pushgate.core.channel.HomePresence;
import dev.pushgate.core.channel.PresenceHost;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.core.publication.EncodedPresence;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is present in those channels whose home is on one shard: for each a [HomePresence], as long
/// as somebody on this node is. Confined to its shard; what rosters answer comes back through the
/// shard's mailbox.
final class Presences implements PresenceHost {
  private final Shard shard;
  private final Shards shards;
  private final ShardSetup setup;
  private final Map<ChannelKey, HomePresence> channels = new HashMap<>();

  Presences(Shard shard, Shards shards, ShardSetup setup) {
    this.shard = shard;
    this.shards = shards;
    this.setup = setup;
  }

  void handle(ShardMessage.ToPresence message) {
    boolean begins =
        message instanceof ShardMessage.Enter || message instanceof ShardMessage.RosterHolds;
    HomePresence found =
        begins
            ? channels.computeIfAbsent(message.key(), key -> new HomePresence(key, this))
            : channels.get(message.key());
    if (found != null) {
      handle(message, found);
      if (found.isOver()) {
        channels.remove(message.key());
      }
    }
  }

  private static void handle(ShardMessage.ToPresence message, HomePresence presence) {
    switch (message) {
      case ShardMessage.Enter(Attendance attendance, String info) ->
          presence.enter(attendance, info);
      case ShardMessage.Update(Attendance attendance, String info, String ref) ->
          presence.update(attendance, info, ref);
      case ShardMessage.Exit(Attendance attendance) -> presence.exit(attendance);
      case ShardMessage.RosterChanged(RosterChange change) -> presence.changed(change);
      case ShardMessage.RosterDoubtful _ -> presence.doubtful();
      case ShardMessage.RosterHolds(_, MemberId member) -> presence.holds(member);
      case ShardMessage.PresenceResume(_, Runnable task) -> task.run();
    }
  }

  void confirmed(ChannelKey key) {
    HomePresence found = channels.get(key);
    if (found != null) {
      found.confirmed();
    }
  }

  void doubtful(ChannelKey key) {
    HomePresence found = channels.get(key);
    if (found != null) {
      found.doubtful();
    }
  }

  /// Answers who asked for something that failed.
  void refuse(ShardMessage.ToPresence failed) {
    Outcome.Refused<?> refused = new Outcome.Refused<>(Refusal.SERVER_ERROR);
    switch (failed) {
      case ShardMessage.Enter(Attendance attendance, _) -> {
        refused(attendance, null, refused, true);
        shard.postPresence(new ShardMessage.Exit(attendance));
      }
      case ShardMessage.Update(Attendance attendance, _, String ref) ->
          refused(attendance, ref, refused, false);
      case ShardMessage.RosterChanged(RosterChange change) ->
          shard.post(new ShardMessage.RosterDoubtful(change.key()));
      case ShardMessage.Exit _,
          ShardMessage.RosterDoubtful _,
          ShardMessage.RosterHolds _,
          ShardMessage.PresenceResume _ -> {}
    }
  }

  @Override
  public long steadyMs() {
    return setup.steadyMs().getAsLong();
  }

  @Override
  public int shards() {
    return shards.count();
  }

  @Override
  public Rosters rosters() {
    return setup.rosters();
  }

  @Override
  public void runAtHome(ChannelKey key, Runnable task) {
    shard.post(new ShardMessage.PresenceResume(key, task));
  }

  @Override
  public void runLater(ChannelKey key, Runnable task, Duration delay) {
    shard.loop().runLater(() -> runAtHome(key, task), delay);
  }

  @Override
  public void changed(int target, ChannelKey key, List<EncodedPresence> changes) {
    tell(target, new ShardMessage.PresenceChanged(key, changes));
  }

  @Override
  public void state(int target, List<Attendant> newcomers, EncodedPresence state) {
    List<Attendance> attendances = newcomers.stream().map(Attendance.class::cast).toList();
    tell(target, new ShardMessage.PresenceState(attendances, state));
  }

  @Override
  public void updated(Attendant attendant, @Nullable String ref) {
    tell(attendant.shard(), new ShardMessage.PresenceUpdated((Attendance) attendant, ref));
  }

  @Override
  public void refused(
      Attendant attendant, @Nullable String ref, Outcome.Refused<?> refused, boolean ends) {
    tell(
        attendant.shard(),
        new ShardMessage.PresenceRefused((Attendance) attendant, ref, refused, ends));
  }

  private void tell(int target, ShardMessage.ToMembers message) {
    shards.get(target).tellMembers(shard, message);
  }
}
