package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedPresence;
import dev.pushgate.core.publication.WireFormat;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Those subscribers on one shard who are told who is present in their channels. What they are told
/// is in one buffer for all of a wire format; it is written at once, for it is gathered before it
/// comes here. Confined to its shard.
final class Attendances {
  private final Shard shard;
  private final OutboundMemory outbound;
  private final Dismissals dismissals;
  private final PresenceMemory memory;
  private final LeavingMemory leaving;

  /// Who was told the state of a channel and is told of changes.
  private final Map<ChannelKey, Set<Attendance>> channels = new HashMap<>();

  Attendances(Shard shard, ShardSetup setup, Dismissals dismissals) {
    this.shard = shard;
    this.outbound = shard.outbound();
    this.memory = new PresenceMemory(setup.memory().share(MemoryKind.PRESENCE));
    this.leaving = new LeavingMemory(memory.share(), setup.steadyMs(), setup.rosters().holdsOn());
    this.dismissals = dismissals;
  }

  void handle(ShardMessage.ToAttendants message) {
    switch (message) {
      case ShardMessage.PresenceChanged(ChannelKey key, List<EncodedPresence> changes) ->
          write(channels.getOrDefault(key, Set.of()), changes);
      case ShardMessage.PresenceState(List<Attendance> newcomers, EncodedPresence state) ->
          welcome(newcomers.stream().filter(Attendance::isOn).toList(), state);
      case ShardMessage.PresenceUpdated(Attendance attendance, String ref) ->
          tell(attendance, subscriber -> subscriber.presenceUpdated(attendance.key(), ref));
      case ShardMessage.PresenceRefused refused -> refuse(refused);
    }
  }

  /// Takes what one costs who says this of itself, or says it now instead of what it said. False,
  /// and nothing changes, when there is no memory for that.
  boolean grow(Attendance attendance, @Nullable String info) {
    int cost = PresenceMemory.cost(attendance.memberId(), info);
    int more = cost - attendance.takenBytes;
    // What it said before is known until the roster has taken this: so nothing is given back now.
    if (more > 0 && !memory.take(attendance.holder(), more)) {
      return false;
    }
    attendance.takenBytes += Math.max(0, more);
    return true;
  }

  private void giveBack(Attendance attendance) {
    memory.giveBack(attendance.holder(), attendance.takenBytes);
    attendance.takenBytes = 0;
  }

  /// The subscription ends, and its presence with it.
  void end(Subscription member) {
    Attendance attendance = member.attendance;
    if (attendance != null) {
      member.attendance = null;
      leaving.giveBackLater(attendance.holder(), attendance.takenBytes);
      attendance.takenBytes = 0;
      Set<Attendance> told = channels.get(member.key());
      if (told != null && told.remove(attendance) && told.isEmpty()) {
        channels.remove(member.key());
      }
      shard.postPresence(new ShardMessage.Exit(attendance));
    }
  }

  /// Gives back what those cost who left. Called once a second.
  void sweep() {
    leaving.sweep();
  }

  private void welcome(List<Attendance> newcomers, EncodedPresence state) {
    if (newcomers.isEmpty()) {
      return;
    }
    ChannelKey key = state.event().key();
    write(newcomers, List.of(state));
    channels.computeIfAbsent(key, _ -> new LinkedHashSet<>()).addAll(newcomers);
    newcomers.forEach(newcomer -> tell(newcomer, subscriber -> subscriber.entered(key)));
  }

  private void refuse(ShardMessage.PresenceRefused message) {
    Attendance attendance = message.attendance();
    if (attendance.isOn()) {
      if (message.ends()) {
        attendance.subscription().attendance = null;
        giveBack(attendance);
      }
      ChannelKey key = attendance.key();
      Outcome.Refused<?> refused = message.refused();
      String ref = message.ref();
      tell(attendance.subscription(), told -> told.presenceRefused(key, ref, refused));
    }
  }

  private void tell(Attendance attendance, Consumer<Subscriber> what) {
    if (attendance.isOn()) {
      tell(attendance.subscription(), what);
    }
  }

  private void tell(Subscription subscription, Consumer<Subscriber> what) {
    dismissals.tell(subscription.subscriber(), what);
  }

  private void write(Collection<Attendance> to, List<EncodedPresence> events) {
    @Nullable ByteBuf[] byFormat = new ByteBuf[WireFormat.MAX_FORMATS];
    try {
      for (Attendance attendance : to) {
        tell(
            attendance.subscription(),
            subscriber -> write(subscriber, events, byFormat, to.size()));
      }
    } finally {
      for (ByteBuf frames : byFormat) {
        if (frames != null) {
          outbound.walked(frames);
        }
      }
    }
  }

  private void write(
      Subscriber subscriber,
      List<EncodedPresence> events,
      @Nullable ByteBuf[] byFormat,
      int receivers) {
    WireFormat format = subscriber.wireFormat();
    ByteBuf frames = byFormat[format.index()];
    if (frames == null) {
      frames = FlushBatch.endToEnd(outbound, events, format, receivers);
      byFormat[format.index()] = frames;
      shard.noteBytes(frames.readableBytes());
    }
    subscriber.write(frames);
    subscriber.flush();
    if (subscriber.isSlow()) {
      dismissals.slow(subscriber);
    }
  }
}
