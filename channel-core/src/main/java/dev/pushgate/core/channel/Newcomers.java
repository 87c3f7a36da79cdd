package dev.pushgate.core.channel;

import dev.pushgate.core.presence.RosterStamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Those who have entered a channel and were not told yet who is present: they are when the mirror
/// has all that the roster had with them. Confined to its home.
final class Newcomers {
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

  private final RosterMirror mirror;
  private final List<Newcomer> waiting = new ArrayList<>();

  Newcomers(RosterMirror mirror) {
    this.mirror = mirror;
  }

  /// @param stamp the roster's with it
  void add(Attendant attendant, RosterStamp stamp) {
    waiting.add(new Newcomer(attendant, stamp));
  }

  void remove(Attendant attendant) {
    waiting.removeIf(newcomer -> newcomer.attendant.equals(attendant));
  }

  /// The roster is being read.
  void readingBegins() {
    waiting.forEach(newcomer -> newcomer.isRead = true);
  }

  /// The mirror has taken what was read.
  void wasRead() {
    waiting.forEach(newcomer -> newcomer.isCovered |= newcomer.isRead);
  }

  /// Whether some of them wait for what the mirror has not.
  boolean areAhead() {
    return waiting.stream().anyMatch(this::isAhead);
  }

  /// By shard: whom the mirror has.
  Map<Integer, List<Attendant>> ready() {
    Map<Integer, List<Attendant>> byShard = new HashMap<>();
    for (Newcomer newcomer : waiting) {
      if (!isAhead(newcomer)) {
        byShard
            .computeIfAbsent(newcomer.attendant.shard(), _ -> new ArrayList<>())
            .add(newcomer.attendant);
      }
    }
    return byShard;
  }

  /// All who are [#ready] were told.
  void told() {
    waiting.removeIf(newcomer -> !isAhead(newcomer));
  }

  /// Whether the roster had something already that the mirror has not.
  private boolean isAhead(Newcomer newcomer) {
    return !newcomer.isCovered && !mirror.covers(newcomer.stamp);
  }
}
