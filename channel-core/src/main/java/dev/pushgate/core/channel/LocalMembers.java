package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterStamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of a channel that are present through this node, and what the roster has yet to be
/// told of them: each is compared with what the roster was told last, and one thing is asked for it
/// at a time, again and again until it is done. So nothing overtakes anything, and what is
/// forgotten while the rosters are away does not matter. Confined to its home.
final class LocalMembers {
  /// Between two questions to a roster that is full.
  private static final Duration FULL_PAUSE = Duration.ofSeconds(5);

  private static final Outcome.Refused<?> TOO_OFTEN =
      new Outcome.Refused<>(Refusal.RATE_LIMITED, "Too many changes of this member wait");

  private final ChannelKey key;
  private final PresenceHost host;
  private final Entered entered;
  private final Map<MemberId, LocalMember> members = new HashMap<>();
  private final RosterMirror mirror;
  private final RosterTurns turns;

  /// Those who should be in the roster, which had no room for them.
  private final Set<LocalMember> absent = new LinkedHashSet<>();

  /// Hears who has become present.
  interface Entered {
    void entered(Attendant attendant, RosterStamp stamp);

    /// This connection counts no more, for what it asked for was refused.
    void ended(Attendant attendant);
  }

  /// @param mirror what is known of the roster
  LocalMembers(ChannelKey key, PresenceHost host, RosterMirror mirror, Entered entered) {
    this.key = key;
    this.host = host;
    this.mirror = mirror;
    this.entered = entered;
    this.turns = new RosterTurns(key, host, this::begin);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  void enter(Attendant attendant, @Nullable String info) {
    LocalMember member = members.computeIfAbsent(attendant.memberId(), this::newMember);
    member.attendants.add(attendant);
    member.asked.add(new LocalMember.Asked(attendant, true, null));
    say(member, info);
  }

  /// Somebody who comes here from another node says what it said there, until it says more.
  private LocalMember newMember(MemberId id) {
    LocalMember member = new LocalMember(id);
    member.info = mirror.infoOf(id);
    member.accepted = member.info;
    return member;
  }

  /// Does nothing for an attendant that counts no more: it was told so.
  void update(Attendant attendant, String info, @Nullable String ref) {
    LocalMember member = members.get(attendant.memberId());
    if (member == null || !member.attendants.contains(attendant)) {
      return;
    }
    if (!member.mayAskMore()) {
      host.refused(attendant, ref, TOO_OFTEN, false);
      return;
    }
    member.asked.add(new LocalMember.Asked(attendant, false, ref));
    say(member, info);
  }

  private void say(LocalMember member, @Nullable String info) {
    if (info != null) {
      member.info = info;
      member.isChanged = true;
    }
    turns.add(member);
  }

  /// False when it does not count, or does no more.
  boolean exit(Attendant attendant) {
    LocalMember member = members.get(attendant.memberId());
    if (member == null || !member.attendants.remove(attendant)) {
      return false;
    }
    member.asked.removeIf(asked -> asked.by().equals(attendant));
    turns.add(member);
    return true;
  }

  /// The roster says something of a member; when it took leave of one who is here, that one enters
  /// again.
  void heard(RosterChange change) {
    LocalMember member = members.get(change.member().id());
    if (member == null) {
      return;
    }
    switch (change.action()) {
      case GONE -> member.isDoubted = true;
      case PRESENT -> member.hears(change.member().info());
    }
    turns.add(member);
  }

  /// Takes what the roster has of those who are here. Those whom it has not enter again.
  ///
  /// @return whether somebody was missing, but for those it had no room for
  boolean compare(Roster roster) {
    Map<MemberId, Present> present = new HashMap<>();
    roster.members().forEach(one -> present.put(one.id(), one));
    boolean misses = false;
    for (LocalMember member : members.values()) {
      Present found = present.get(member.id);
      if (found != null) {
        member.hears(found.info());
      } else if (member.isThere && !member.attendants.isEmpty() && !absent.contains(member)) {
        member.isDoubted = true;
        misses = true;
      }
    }
    turns.addAll(List.copyOf(members.values()));
    return misses;
  }

  /// The roster has one through this node: one who is not here leaves.
  void holds(MemberId id) {
    if (!members.containsKey(id)) {
      LocalMember member = new LocalMember(id);
      member.mayBeThere = true;
      members.put(id, member);
      turns.add(member);
    }
  }

  /// The roster may have lost any of them.
  void doubt() {
    members.values().forEach(member -> member.isDoubted = true);
    turns.addAll(List.copyOf(members.values()));
    turns.endPause();
  }

  // --- Asking the rosters -----------------------------------------------------------------------

  private void begin(LocalMember member) {
    Present present = new Present(member.id, member.info);
    if (member.attendants.isEmpty()) {
      if (member.mayBeThere) {
        turns.ask(member, host.rosters().leave(key, member.id), outcome -> left(member, outcome));
      } else {
        members.remove(member.id);
      }
    } else if (member.isChanged) {
      member.goes();
      turns.ask(
          member,
          host.rosters().enter(key, present),
          outcome -> entered(member, present.info(), true, outcome));
    } else if (!member.isThere || member.isDoubted || !member.asked.isEmpty()) {
      member.goes();
      turns.ask(
          member,
          host.rosters().enterAgain(key, present),
          outcome -> entered(member, present.info(), false, outcome));
    }
  }

  private void left(LocalMember member, Outcome<RosterStamp> outcome) {
    if (!RosterTurns.isUnavailable(outcome)) {
      member.isGone();
    }
  }

  private void entered(
      LocalMember member, @Nullable String info, boolean wasChanged, Outcome<RosterStamp> outcome) {
    member.isTelling = false;
    switch (outcome) {
      case Outcome.Done<RosterStamp>(RosterStamp stamp) -> {
        member.isThere = true;
        if (wasChanged) {
          member.accepted = info;
        }
        member.takeAnswering().forEach(asked -> tellDone(member, asked, stamp));
      }
      case Outcome.Refused<RosterStamp> refused when RosterTurns.isUnavailable(refused) ->
          member.goesAgain(wasChanged);
      case Outcome.Refused<RosterStamp> refused -> {
        if (!member.isChanged) {
          member.info = member.accepted;
        }
        member.takeAnswering().forEach(asked -> tellRefused(member, asked, refused));
        if (member.isThere && !member.attendants.isEmpty()) {
          keepAsking(member, wasChanged);
        }
      }
    }
  }

  /// One who was present before could not say more of itself, or the roster has lost it and has no
  /// room any more. The next question tells which; in the second case it is asked until there is
  /// room, and who is told of changes has heard that the member is gone.
  private void keepAsking(LocalMember member, boolean wasChanged) {
    if (wasChanged) {
      member.isDoubted = true;
      return;
    }
    absent.add(member);
    if (absent.size() == 1) {
      host.runLater(key, this::askForTheAbsent, FULL_PAUSE);
    }
  }

  private void askForTheAbsent() {
    absent.removeIf(member -> members.get(member.id) != member); // gone meanwhile
    absent.forEach(member -> member.isDoubted = true);
    turns.addAll(absent);
    absent.clear();
  }

  private void tellDone(LocalMember member, LocalMember.Asked asked, RosterStamp stamp) {
    if (!member.attendants.contains(asked.by())) {
      return;
    }
    if (asked.toEnter()) {
      entered.entered(asked.by(), stamp);
    } else {
      host.updated(asked.by(), asked.ref());
    }
  }

  private void tellRefused(
      LocalMember member, LocalMember.Asked asked, Outcome.Refused<?> refused) {
    if (!member.attendants.contains(asked.by())) {
      return;
    }
    if (asked.toEnter()) {
      member.attendants.remove(asked.by());
      entered.ended(asked.by());
    }
    host.refused(asked.by(), asked.ref(), refused, asked.toEnter());
  }
}
