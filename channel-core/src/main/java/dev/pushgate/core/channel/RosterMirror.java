package dev.pushgate.core.channel;

import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.PresenceEvent;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterStamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A channel's roster as its home knows it, and what of it has yet to be told here: for each member
/// one event, however often it came and went in between. Confined to its home.
final class RosterMirror {
  /// What is told in this order, so that whoever left and joined is seen to do so.
  private static final List<PresenceEvent.Action> ORDER =
      List.of(PresenceEvent.Action.LEAVE, PresenceEvent.Action.JOIN, PresenceEvent.Action.UPDATE);

  private final ChannelKey key;
  private final Map<MemberId, Present> members = new LinkedHashMap<>();
  private final Map<MemberId, PresenceEvent.Action> untold = new LinkedHashMap<>();
  private RosterStamp stamp = RosterStamp.NONE;
  private boolean isKnown;
  private long bytes;

  RosterMirror(ChannelKey key) {
    this.key = key;
  }

  /// About what the members take on the heap.
  long bytes() {
    return bytes;
  }

  private static int cost(@Nullable Present member) {
    if (member == null) {
      return 0;
    }
    String info = member.info();
    return ObjectCosts.MIRRORED
        + Character.BYTES * (member.id().value().length() + (info == null ? 0 : info.length()));
  }

  /// Whether the roster was read once.
  boolean isKnown() {
    return isKnown;
  }

  /// Whether this has everything that the roster had then.
  boolean covers(RosterStamp other) {
    return isKnown && stamp.epoch().equals(other.epoch()) && stamp.version() >= other.version();
  }

  /// Whether `other` is a roster that began anew, where this knows of one.
  boolean isAnother(RosterStamp other) {
    return isKnown && !stamp.epoch().equals(other.epoch());
  }

  /// What a member says of itself; null when it says nothing, or is not known.
  @Nullable String infoOf(MemberId id) {
    Present member = members.get(id);
    return member == null ? null : member.info();
  }

  /// Takes a change that is the next one, or is known already. False when changes are missing in
  /// between: then the roster is to be read.
  boolean take(RosterChange change) {
    if (covers(change.stamp())) {
      return true;
    }
    if (!change.stamp().epoch().equals(stamp.epoch())
        || change.stamp().version() != stamp.version() + 1) {
      return false;
    }
    stamp = change.stamp();
    switch (change.action()) {
      case PRESENT -> put(change.member());
      case GONE -> remove(change.member().id());
    }
    return true;
  }

  /// Takes the whole roster.
  ///
  /// @param isComplete whether whoever is missing has left
  /// @return false when members are missing that may come back: they stay, and the roster is to be
  ///     read again
  boolean take(Roster roster, boolean isComplete) {
    boolean isFirst = !isKnown;
    isKnown = true;
    stamp = roster.stamp();
    Set<MemberId> present = new HashSet<>();
    for (Present member : roster.members()) {
      present.add(member.id());
      put(member);
    }
    if (isComplete) {
      List.copyOf(members.keySet()).stream()
          .filter(id -> !present.contains(id))
          .forEach(this::remove);
    }
    if (isFirst) {
      untold.clear(); // nobody was told anything yet
    }
    return members.size() == present.size();
  }

  private void put(Present member) {
    Present before = members.put(member.id(), member);
    bytes += cost(member) - cost(before);
    if (before == null) {
      untold.merge(member.id(), PresenceEvent.Action.JOIN, (_, _) -> PresenceEvent.Action.UPDATE);
    } else if (!before.equals(member)) {
      untold.putIfAbsent(member.id(), PresenceEvent.Action.UPDATE);
    }
  }

  private void remove(MemberId id) {
    Present gone = members.remove(id);
    bytes -= cost(gone);
    if (gone != null && untold.put(id, PresenceEvent.Action.LEAVE) == PresenceEvent.Action.JOIN) {
      untold.remove(id); // nobody here was told that it came
    }
  }

  /// What has yet to be told.
  List<PresenceEvent> untold() {
    List<PresenceEvent> events = new ArrayList<>(1);
    for (PresenceEvent.Action action : ORDER) {
      List<Present> whom = new ArrayList<>();
      untold.forEach(
          (id, what) -> {
            if (what == action) {
              whom.add(members.getOrDefault(id, new Present(id, null)));
            }
          });
      if (!whom.isEmpty()) {
        events.add(new PresenceEvent(key, stamp, action, whom));
      }
    }
    return events;
  }

  /// All of it was told.
  void told() {
    untold.clear();
  }

  /// All who are present.
  PresenceEvent state() {
    return new PresenceEvent(
        key, stamp, PresenceEvent.Action.STATE, new ArrayList<>(members.values()));
  }
}
