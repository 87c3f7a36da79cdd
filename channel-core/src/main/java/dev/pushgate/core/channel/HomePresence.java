package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.PresenceEvent;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.core.publication.EncodedPresence;
import dev.pushgate.core.publication.WireFormat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is present in a channel through this node, and what those are told of all who are: the whole
/// roster once, and its changes after that. There is one as long as somebody is present here. What
/// happens in quick succession is gathered: the first is told at once, the rest at most every
/// [#GATHER]. Confined to its home.
public final class HomePresence {
  static final Duration GATHER = Duration.ofMillis(200);

  /// How long changes may take that the roster's answers have told of already; and when rosters
  /// are read again that could not be, or that had not all who are here.
  private static final DoublingPause CATCH_UP =
      new DoublingPause(Duration.ofSeconds(1), Duration.ofSeconds(5));

  /// Before that is tried again which failed in the middle.
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /// How many changes are kept while the roster is read.
  private static final int MAX_MEANWHILE = 2_000;

  private final ChannelKey key;
  private final PresenceHost host;
  private final RosterMirror mirror;
  private final LocalMembers members;
  private final Newcomers newcomers;
  private final Deque<RosterChange> meanwhile = new ArrayDeque<>(0);
  private final List<WireFormat> formats = new ArrayList<>(1);
  private final int[] attendants;
  private boolean isReading;

  /// Whether the last reading gave the whole roster.
  private boolean isWhole = true;

  private boolean missedSome;
  private Duration nextReading = CATCH_UP.first();
  private boolean willRead;
  private boolean willTell;
  private long toldAtMs = Long.MIN_VALUE;

  public HomePresence(ChannelKey key, PresenceHost host) {
    this.key = key;
    this.host = host;
    this.mirror = new RosterMirror(key);
    this.newcomers = new Newcomers(mirror);
    this.attendants = new int[host.shards()];
    this.members =
        new LocalMembers(
            key,
            host,
            mirror,
            new LocalMembers.Entered() {
              @Override
              public void entered(Attendant attendant, RosterStamp stamp) {
                welcome(attendant, stamp);
              }

              @Override
              public void ended(Attendant attendant) {
                attendants[attendant.shard()]--;
              }
            });
  }

  /// Whether nobody is present here any more, and the roster knows.
  public boolean isOver() {
    return members.isEmpty();
  }

  /// About what is known of all who are present, on all nodes, takes on the heap.
  public long mirrorBytes() {
    return mirror.bytes();
  }

  /// Makes a member of the channel present. Answered through [PresenceHost#state] or
  /// [PresenceHost#refused], perhaps much later: while the rosters are away, it waits.
  public void enter(Attendant attendant, @Nullable String info) {
    attendants[attendant.shard()]++;
    if (!formats.contains(attendant.wireFormat())) {
      formats.add(attendant.wireFormat());
    }
    members.enter(attendant, info);
  }

  /// Changes what an attendant's member says of itself.
  public void update(Attendant attendant, String info, @Nullable String ref) {
    members.update(attendant, info, ref);
  }

  /// The attendant's connection is gone, or left the channel.
  public void exit(Attendant attendant) {
    if (members.exit(attendant)) {
      attendants[attendant.shard()]--;
      newcomers.remove(attendant);
    }
  }

  /// As [dev.pushgate.core.presence.RosterListener#changed].
  public void changed(RosterChange change) {
    members.heard(change);
    if (isReading) {
      if (meanwhile.size() < MAX_MEANWHILE) {
        meanwhile.addLast(change);
      } else {
        missedSome = true;
      }
    } else if (mirror.isKnown()) {
      if (mirror.take(change)) {
        tellSoon();
      } else {
        read();
      }
    } // else it is read anyway when the first one has entered
  }

  /// From now on all changes are heard; the roster may have lost any member before.
  public void confirmed() {
    members.doubt();
    doubtful();
  }

  /// As [dev.pushgate.core.presence.RosterListener#doubtful].
  public void doubtful() {
    if (mirror.isKnown()) {
      read();
    }
  }

  /// As [dev.pushgate.core.presence.RosterListener#holds].
  public void holds(MemberId member) {
    members.holds(member);
  }

  // --- The mirror -------------------------------------------------------------------------------

  private void welcome(Attendant attendant, RosterStamp stamp) {
    newcomers.add(attendant, stamp);
    if (!mirror.isKnown()) {
      read();
    } else if (mirror.covers(stamp)) {
      tellSoon();
    } else {
      readLater();
    }
  }

  private void read() {
    if (isReading) {
      missedSome = true;
      return;
    }
    isReading = true;
    missedSome = false;
    newcomers.readingBegins();
    var unused =
        host.rosters()
            .read(key)
            .exceptionally(_ -> new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE))
            .thenAccept(outcome -> host.runAtHome(key, () -> took(outcome)));
  }

  private void took(Outcome<Roster> outcome) {
    isReading = false;
    isWhole =
        switch (outcome) {
          case Outcome.Done<Roster>(Roster roster) -> take(roster);
          case Outcome.Refused<Roster> _ -> false;
        };
    boolean fits = true;
    while (!meanwhile.isEmpty()) {
      RosterChange change = meanwhile.removeFirst();
      fits = mirror.isKnown() && mirror.take(change) && fits;
    }
    if (outcome instanceof Outcome.Done && (!fits || missedSome)) {
      read();
    } else if (!isWhole) {
      readLater();
    } else {
      nextReading = CATCH_UP.first();
    }
    if (mirror.isKnown()) {
      tellSoon();
    }
  }

  /// A roster that began anew while members are here has lost them, and so has one that misses
  /// them. It is not believed that the others left until their homes had time to see it too.
  ///
  /// @return as [RosterMirror#take]
  private boolean take(Roster roster) {
    newcomers.wasRead();
    boolean lostSome = members.compare(roster);
    if (mirror.isAnother(roster.stamp())) {
      lostSome = true;
      members.doubt();
    }
    return mirror.take(roster, roster.isComplete() && !lostSome);
  }

  private void readLater() {
    if (!willRead) {
      willRead = true;
      host.runLater(key, this::readIfStillBehind, nextReading);
      nextReading = CATCH_UP.after(nextReading);
    }
  }

  private void readIfStillBehind() {
    willRead = false;
    if (!members.isEmpty() && (!isWhole || newcomers.areAhead())) {
      read();
    } else {
      nextReading = CATCH_UP.first();
    }
  }

  private void tellSoon() {
    if (willTell) {
      return;
    }
    long wait = toldAtMs == Long.MIN_VALUE ? 0 : toldAtMs + GATHER.toMillis() - host.steadyMs();
    if (wait <= 0) {
      tell();
    } else {
      tellLater(Duration.ofMillis(Math.min(wait, GATHER.toMillis())));
    }
  }

  private void tellLater(Duration pause) {
    willTell = true;
    host.runLater(key, this::tell, pause);
  }

  private void tell() {
    willTell = false;
    boolean done = false;
    try {
      if (tellChanges() | tellNewcomers()) {
        toldAtMs = host.steadyMs();
      }
      done = true;
    } finally {
      if (!done) {
        tellLater(AFTER_FAILURE);
      }
    }
  }

  /// What cannot be encoded counts as not told.
  private boolean tellChanges() {
    List<EncodedPresence> changes = mirror.untold().stream().map(this::encoded).toList();
    if (changes.isEmpty()) {
      return false;
    }
    for (int shard = 0; shard < attendants.length; shard++) {
      if (attendants[shard] > 0) {
        host.changed(shard, key, changes);
      }
    }
    mirror.told();
    return true;
  }

  /// Behind the changes, which those who come now find in the state.
  private boolean tellNewcomers() {
    Map<Integer, List<Attendant>> byShard = newcomers.ready();
    if (byShard.isEmpty()) {
      return false;
    }
    EncodedPresence state = encoded(mirror.state());
    byShard.forEach((shard, attending) -> host.state(shard, attending, state));
    newcomers.told();
    return true;
  }

  /// Encoded here once, for all shards.
  private EncodedPresence encoded(PresenceEvent event) {
    EncodedPresence encoded = new EncodedPresence(event);
    formats.forEach(encoded::in);
    return encoded;
  }
}
