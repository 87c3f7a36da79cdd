package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
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
import java.util.HashMap;
import java.util.Iterator;
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
  /// that cannot be reached are asked again.
  private static final Duration CATCH_UP = Duration.ofSeconds(1);

  /// How many changes are kept while the roster is read.
  private static final int MAX_MEANWHILE = 2_000;

  private static final class Newcomer {
    final Attendant attendant;
    final RosterStamp stamp;

    /// Whether a reading began after it entered.
    boolean isRead;

    /// Whether the mirror has it surely.
    boolean isCovered;

    Newcomer(Attendant attendant, RosterStamp stamp) {
      this.attendant = attendant;
      this.stamp = stamp;
    }
  }

  private final ChannelKey key;
  private final PresenceHost host;
  private final RosterMirror mirror;
  private final LocalMembers members;
  private final List<Newcomer> newcomers = new ArrayList<>();
  private final Deque<RosterChange> meanwhile = new ArrayDeque<>(0);
  private final List<WireFormat> formats = new ArrayList<>(1);
  private final int[] attendants;
  private boolean isReading;

  /// Whether the last reading gave the whole roster.
  private boolean isWhole = true;

  private boolean missedSome;
  private boolean willRead;
  private boolean willTell;
  private long toldAtMs = Long.MIN_VALUE;

  public HomePresence(ChannelKey key, PresenceHost host) {
    this.key = key;
    this.host = host;
    this.mirror = new RosterMirror(key);
    this.attendants = new int[host.shards()];
    this.members =
        new LocalMembers(
            key,
            host,
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
      newcomers.removeIf(newcomer -> newcomer.attendant.equals(attendant));
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

  /// As [dev.pushgate.core.presence.RosterListener#doubtful].
  public void doubtful() {
    members.doubt();
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
    newcomers.add(new Newcomer(attendant, stamp));
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
    newcomers.forEach(newcomer -> newcomer.isRead = true);
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
    }
    if (mirror.isKnown()) {
      tellSoon();
    }
  }

  private boolean take(Roster roster) {
    newcomers.forEach(newcomer -> newcomer.isCovered |= newcomer.isRead);
    return mirror.take(roster);
  }

  /// Whether the roster had something already that the mirror has not.
  private boolean isAhead(Newcomer newcomer) {
    return !newcomer.isCovered && !mirror.covers(newcomer.stamp);
  }

  private void readLater() {
    if (!willRead) {
      willRead = true;
      host.runLater(key, this::readIfStillBehind, CATCH_UP);
    }
  }

  private void readIfStillBehind() {
    willRead = false;
    if (!members.isEmpty() && (!isWhole || newcomers.stream().anyMatch(this::isAhead))) {
      read();
    }
  }

  // --- Telling ----------------------------------------------------------------------------------

  private void tellSoon() {
    if (willTell) {
      return;
    }
    long wait = toldAtMs == Long.MIN_VALUE ? 0 : toldAtMs + GATHER.toMillis() - host.nowMs();
    if (wait <= 0) {
      tell();
    } else {
      willTell = true;
      host.runLater(key, this::tell, Duration.ofMillis(Math.min(wait, GATHER.toMillis())));
    }
  }

  private void tell() {
    willTell = false;
    boolean told = tellChanges() | tellNewcomers();
    if (told) {
      toldAtMs = host.nowMs();
    }
  }

  private boolean tellChanges() {
    List<EncodedPresence> changes = new ArrayList<>(1);
    mirror.drain().forEach(event -> changes.add(encoded(event)));
    if (changes.isEmpty()) {
      return false;
    }
    for (int shard = 0; shard < attendants.length; shard++) {
      if (attendants[shard] > 0) {
        host.changed(shard, key, changes);
      }
    }
    return true;
  }

  /// Behind the changes, which those who come now find in the state.
  private boolean tellNewcomers() {
    Map<Integer, List<Attendant>> byShard = new HashMap<>();
    for (Iterator<Newcomer> all = newcomers.iterator(); all.hasNext(); ) {
      Newcomer newcomer = all.next();
      if (!isAhead(newcomer)) {
        all.remove();
        byShard
            .computeIfAbsent(newcomer.attendant.shard(), _ -> new ArrayList<>())
            .add(newcomer.attendant);
      }
    }
    if (byShard.isEmpty()) {
      return false;
    }
    EncodedPresence state = encoded(mirror.state());
    byShard.forEach((shard, attending) -> host.state(shard, attending, state));
    return true;
  }

  /// Encoded here once, for all shards.
  private EncodedPresence encoded(PresenceEvent event) {
    EncodedPresence encoded = new EncodedPresence(event);
    formats.forEach(encoded::in);
    return encoded;
  }
}
