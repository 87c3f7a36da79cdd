package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Attendant;
import dev.pushgate.core.channel.HomePresence;
import dev.pushgate.core.channel.PresenceHost;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
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
  private final PresenceMemory memory;
  private final LeavingMemory leaving;
  private final Map<ChannelKey, Kept> channels = new HashMap<>();

  /// The presence of a channel, and on whose account it is.
  private static final class Kept {
    final HomePresence presence;
    final MemoryHolder holder;
    long notedBytes;

    Kept(HomePresence presence, MemoryHolder holder) {
      this.presence = presence;
      this.holder = holder;
    }
  }

  Presences(Shard shard, Shards shards, ShardSetup setup) {
    this.shard = shard;
    this.shards = shards;
    this.setup = setup;
    this.memory = new PresenceMemory(setup.memory().share(MemoryKind.PRESENCE));
    this.leaving = new LeavingMemory(memory.share(), setup.steadyMs(), setup.rosters().holdsOn());
  }

  void handle(ShardMessage.ToPresence message) {
    Kept found = channels.get(message.key());
    if (found == null) {
      found = begun(message);
    }
    if (found != null) {
      handle(message, found.presence);
      note(found, found.presence.mirrorBytes());
      if (found.presence.isOver()) {
        channels.remove(message.key());
        note(found, 0);
        leaving.giveBackLater(found.holder, PresenceMemory.channel(message.key()));
      }
    }
  }

  /// Null for what begins no presence, and where there is no memory for one.
  private @Nullable Kept begun(ShardMessage.ToPresence message) {
    MemoryHolder holder =
        switch (message) {
          case ShardMessage.Enter(Attendance attendance, _) -> holderOf(attendance);
          case ShardMessage.RosterHolds(ChannelKey key, _) -> {
            memory.forceChannel(key);
            yield MemoryHolder.NODE;
          }
          default -> null;
        };
    return holder == null ? null : begin(message.key(), holder);
  }

  private @Nullable MemoryHolder holderOf(Attendance attendance) {
    if (memory.takeChannel(attendance.holder(), attendance.key())) {
      return attendance.holder();
    }
    refused(attendance, null, PresenceMemory.FULL, true);
    return null;
  }

  private Kept begin(ChannelKey key, MemoryHolder holder) {
    Kept kept = new Kept(new HomePresence(key, this), holder);
    channels.put(key, kept);
    return kept;
  }

  private void note(Kept kept, long bytes) {
    memory.share().note(bytes - kept.notedBytes);
    kept.notedBytes = bytes;
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

  /// Gives back what channels cost whose members left. Called once a second.
  void sweep() {
    leaving.sweep();
  }

  void confirmed(ChannelKey key) {
    Kept found = channels.get(key);
    if (found != null) {
      found.presence.confirmed();
    }
  }

  void doubtful(ChannelKey key) {
    Kept found = channels.get(key);
    if (found != null) {
      found.presence.doubtful();
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
