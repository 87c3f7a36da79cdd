package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.RosterListener;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.core.relay.RelayUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The rosters of all channels, in Redis: one hash for each, which scripts change and tell of in
/// one step. What they tell comes through [RedisStreams], for each channel in its order.
/// Thread-safe; no method blocks.
public final class RedisRosters implements Rosters, RosterArrivals {
  /// A body is read like an envelope's, behind a header that says nothing.
  private static final byte[] HEADER = "1 R - 0 0 -\n".getBytes(StandardCharsets.US_ASCII);

  private static final Outcome.Refused<RosterStamp> FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, RosterLimits.FULL);

  /// @param lease after how long without a heartbeat a node counts as dead
  /// @param grace how long a member that left may take to return
  public record Times(Duration lease, Duration grace) {}

  private final RelayShards shards;
  private final RosterKeys keys;
  private final RedisRelay relay;
  private final EnvelopeCodec codec;
  private final RosterLimits limits;
  private final Times times;
  private final String node;
  private final RandomGenerator random;
  private final RosterReaper reaper;
  private final RosterChanges changes;
  private final Turnstiles reads;
  private volatile @Nullable RosterListener listener;

  /// @param relay through which changes are heard; not started yet when [#start] is called
  /// @param node this node's id, under which its heartbeat keeps its lease
  public RedisRosters(
      RelayShards shards,
      RedisRelay relay,
      RosterLimits limits,
      Times times,
      String node,
      RandomGenerator random) {
    this.shards = shards;
    this.keys = new RosterKeys(shards.config().prefix());
    this.relay = relay;
    this.codec = new EnvelopeCodec(new Seal(shards.config().secret()));
    this.limits = limits;
    this.times = times;
    this.node = node;
    this.random = random;
    this.reaper = new RosterReaper(shards, keys, times.lease());
    this.changes = new RosterChanges(shards);
    RelayConfig config = shards.config();
    this.reads = new Turnstiles(shards, config.limits().reads(), config.timeout());
  }

  @Override
  public void start(RosterListener told) {
    listener = told;
    relay.rosters(this);
    reaper.start();
    for (RelayShard shard : shards.all()) {
      new RosterAudit(shard, keys, node, shards.client(), told).start();
    }
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enter(ChannelKey key, Present member) {
    return enter(key, member, member.info() != null);
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> enterAgain(ChannelKey key, Present member) {
    return enter(key, member, false);
  }

  private CompletionStage<Outcome<RosterStamp>> enter(
      ChannelKey key, Present member, boolean replacesInfo) {
    ScriptArgs args =
        new ScriptArgs()
            .add(key.toString())
            .add(node)
            .add(RosterEntry.nameOf(member.id()))
            .add(codec.rosterBody(key, new RosterEntry(true, member).encode()))
            .add(codec.rosterBody(key, new RosterEntry(false, member).encode()))
            .add(member.weight())
            .add(replacesInfo ? 1 : 0)
            .add(limits.members())
            .add(limits.bytes())
            .add(OpaqueId.next(random))
            .add(keys.channel(key))
            .add(times.lease().toMillis());
    List<String> names =
        List.of(keys.roster(key), keys.grace(), keys.present(node), keys.present());
    return outcome(
        changes.ask(shards.of(key), Script.ROSTER_ENTER, names, args),
        reply -> reply.number(0) == 0 ? FULL : Outcome.done(stamp(reply, 1)));
  }

  @Override
  public CompletionStage<Outcome<RosterStamp>> leave(ChannelKey key, MemberId member) {
    ScriptArgs args =
        new ScriptArgs()
            .add(key.toString())
            .add(node)
            .add(RosterEntry.nameOf(member))
            .add(times.grace().toMillis());
    List<String> names = List.of(keys.roster(key), keys.grace(), keys.present(node));
    return outcome(
        changes.ask(shards.of(key), Script.ROSTER_LEAVE, names, args),
        reply -> Outcome.done(stamp(reply, 1)));
  }

  @Override
  public CompletionStage<Outcome<Roster>> read(ChannelKey key) {
    List<String> names = List.of(keys.roster(key), keys.noReap(), keys.heartbeat());
    ScriptArgs args = new ScriptArgs().add(times.lease().toMillis());
    RelayShard shard = shards.of(key);
    return outcome(
        reads
            .of(shard)
            .pass(
                () -> shard.eval(Script.ROSTER_READ, names, args),
                () -> new RelayUnavailableException("rosters of " + shard + " are busy")),
        reply -> Outcome.done(roster(key, reply)));
  }

  private static RosterStamp stamp(Reply reply, int index) {
    return new RosterStamp(reply.text(index), reply.number(index + 1));
  }

  private Roster roster(ChannelKey key, Reply reply) {
    Reply bodies = reply.list(3);
    List<Present> members = new ArrayList<>(bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      Present member = member(key, bodies.bytes(i));
      if (member != null) {
        members.add(member);
      }
    }
    return new Roster(stamp(reply, 1), members, reply.number(0) == 1);
  }

  /// Null when no node of this cluster wrote it, or not about this channel.
  private @Nullable Present member(ChannelKey key, byte[] body) {
    byte[] envelope = new byte[HEADER.length + body.length];
    System.arraycopy(HEADER, 0, envelope, 0, HEADER.length);
    System.arraycopy(body, 0, envelope, HEADER.length, body.length);
    try {
      if (codec.decode(envelope) instanceof Envelope.Roster roster && roster.key().equals(key)) {
        RosterEntry entry = RosterEntry.decode(roster.body());
        return entry.isPresent() ? entry.member() : null;
      }
      shards.drops().dropped(RelayObserver.Drop.CHANNEL, keys.roster(key));
    } catch (BadEnvelope e) {
      shards.drops().dropped(e.reason(), keys.roster(key));
    }
    return null;
  }

  private interface Reading<T> {
    Outcome<T> of(Reply reply);
  }

  private static <T> CompletionStage<Outcome<T>> outcome(
      CompletionStage<Reply> asked, Reading<T> reading) {
    return asked.handle(
        (reply, failure) -> {
          if (failure != null) {
            return new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE);
          }
          return reading.of(reply);
        });
  }

  // --- What comes through the streams -----------------------------------------------------------

  @Override
  public void changed(Envelope.Roster change) {
    RosterListener told = listener;
    if (told == null) {
      return;
    }
    try {
      RosterEntry entry = RosterEntry.decode(change.body());
      told.changed(
          new RosterChange(
              change.key(),
              new RosterStamp(change.epoch(), change.version()),
              entry.isPresent() ? RosterChange.Action.PRESENT : RosterChange.Action.GONE,
              entry.member()));
    } catch (BadEnvelope e) {
      shards.drops().dropped(e.reason(), keys.channel(change.key()));
      told.doubtful(change.key());
    }
  }
}
