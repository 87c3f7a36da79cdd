package dev.pushgate.core.presence;

import dev.pushgate.core.name.ChannelKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is present in one channel of a node that stands alone. Confined to its caller, as
/// [LocalRosters] sees to it.
final class LocalRoster {
  private final ChannelKey key;
  private final String epoch;
  private final RosterLimits limits;
  private final Map<MemberId, Present> members = new LinkedHashMap<>();

  /// When the grace time of each member that left is over, soonest first, as [System#nanoTime]
  /// counts.
  private final Map<MemberId, Long> leaving = new LinkedHashMap<>();

  private long version;
  private long bytes;

  LocalRoster(ChannelKey key, String epoch, RosterLimits limits) {
    this.key = key;
    this.epoch = epoch;
    this.limits = limits;
  }

  RosterStamp stamp() {
    return isEmpty() ? RosterStamp.NONE : new RosterStamp(epoch, version);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  boolean hasLeaving() {
    return !leaving.isEmpty();
  }

  Roster read() {
    return new Roster(stamp(), new ArrayList<>(members.values()), true);
  }

  boolean hasRoomFor(Present member, boolean replacesInfo) {
    Present present = members.get(member.id());
    if (present == null) {
      return members.size() < limits.members() && bytes + member.weight() <= limits.bytes();
    }
    int more = replaced(present, member, replacesInfo).weight() - present.weight();
    return more <= 0 || bytes + more <= limits.bytes();
  }

  /// Null when nothing changes.
  @Nullable RosterChange enter(Present member, boolean replacesInfo) {
    leaving.remove(member.id());
    Present present = members.get(member.id());
    Present now = present == null ? member : replaced(present, member, replacesInfo);
    if (now.equals(present)) {
      return null;
    }
    bytes += now.weight() - (present == null ? 0 : present.weight());
    members.put(now.id(), now);
    return change(RosterChange.Action.PRESENT, now);
  }

  private static Present replaced(Present present, Present member, boolean replacesInfo) {
    return replacesInfo && member.info() != null ? member : present;
  }

  /// False when nobody of this id is here, or it is leaving already.
  boolean leave(MemberId member, long graceEndsNanos) {
    return members.containsKey(member) && leaving.putIfAbsent(member, graceEndsNanos) == null;
  }

  /// The leave of the next member whose grace time is over; null when there is none.
  @Nullable RosterChange nextGone(long nowNanos) {
    Iterator<Map.Entry<MemberId, Long>> soonest = leaving.entrySet().iterator();
    if (!soonest.hasNext()) {
      return null;
    }
    Map.Entry<MemberId, Long> first = soonest.next();
    Present gone = members.get(first.getKey());
    if (first.getValue() - nowNanos > 0 || gone == null) {
      return null;
    }
    soonest.remove();
    members.remove(gone.id());
    bytes -= gone.weight();
    return change(RosterChange.Action.GONE, gone);
  }

  private RosterChange change(RosterChange.Action action, Present member) {
    return new RosterChange(key, new RosterStamp(epoch, ++version), action, member);
  }
}
