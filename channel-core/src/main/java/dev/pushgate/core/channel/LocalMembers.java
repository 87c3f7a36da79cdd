package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterStamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The members of a channel that are present through this node, and what the roster has yet to be
/// told of them: each is compared with what the roster was told last, and one thing is asked for it
/// at a time, again and again until it is done. So nothing overtakes anything, and what is
/// forgotten while the rosters are away does not matter. Confined to its home.
final class LocalMembers {
  /// How many members may be on their way to the roster.
  private static final int AT_ONCE = 32;

  /// Between two questions to rosters that cannot be reached.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// Between two questions to a roster that is full.
  private static final Duration FULL_PAUSE = Duration.ofSeconds(5);

  private static final Outcome.Refused<?> TOO_OFTEN =
      new Outcome.Refused<>(Refusal.RATE_LIMITED, "Too many changes of this member wait");

  private final ChannelKey key;
  private final PresenceHost host;
  private final Entered entered;
  private final Map<MemberId, LocalMember> members = new HashMap<>();
  private final Set<LocalMember> todo = new LinkedHashSet<>();

  /// Those who should be in the roster, which had no room for them.
  private final Set<LocalMember> absent = new LinkedHashSet<>();

  private int onTheirWay;
  private boolean isAway;
  private boolean isPausing;

  /// Hears who has become present.
  interface Entered {
    void entered(Attendant attendant, RosterStamp stamp);

    /// This connection counts no more, for what it asked for was refused.
    void ended(Attendant attendant);
  }

  LocalMembers(ChannelKey key, PresenceHost host, Entered entered) {
    this.key = key;
    this.host = host;
    this.entered = entered;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  void enter(Attendant attendant, @Nullable String info) {
    LocalMember member = members.computeIfAbsent(attendant.memberId(), LocalMember::new);
    member.attendants.add(attendant);
    member.asked.add(new LocalMember.Asked(attendant, true, null));
    say(member, info);
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
    consider(member);
  }

  /// False when it does not count, or does no more.
  boolean exit(Attendant attendant) {
    LocalMember member = members.get(attendant.memberId());
    if (member == null || !member.attendants.remove(attendant)) {
      return false;
    }
    member.asked.removeIf(asked -> asked.by().equals(attendant));
    consider(member);
    return true;
  }

  /// The roster says something of a member; when it took leave of one who is here, that one enters
  /// again.
  void heard(RosterChange change) {
    LocalMember member = members.get(change.member().id());
    if (member == null) {
      return;
    }
    if (change.action() == RosterChange.Action.GONE) {
      member.isDoubted = true;
      consider(member);
    } else if (!member.isChanged && !member.isBusy) {
      member.info = change.member().info();
      member.accepted = member.info;
    }
  }

  /// The roster has one through this node: one who is not here leaves.
  void holds(MemberId id) {
    if (!members.containsKey(id)) {
      LocalMember member = new LocalMember(id);
      member.mayBeThere = true;
      members.put(id, member);
      consider(member);
    }
  }

  /// The roster may have lost any of them.
  void doubt() {
    members.values().forEach(member -> member.isDoubted = true);
    todo.addAll(members.values());
    isPausing = false;
    proceed();
  }

  // --- Asking the rosters -----------------------------------------------------------------------

  private void consider(LocalMember member) {
    todo.add(member);
    proceed();
  }

  private void proceed() {
    Iterator<LocalMember> next = todo.iterator();
    while (!isPausing && onTheirWay < (isAway ? 1 : AT_ONCE) && next.hasNext()) {
      LocalMember member = next.next();
      next.remove();
      if (!member.isBusy) { // else it is considered again when that is over
        begin(member);
      }
    }
  }

  private void begin(LocalMember member) {
    Present present = new Present(member.id, member.info);
    if (member.attendants.isEmpty()) {
      if (member.mayBeThere) {
        ask(member, host.rosters().leave(key, member.id), outcome -> left(member, outcome));
      } else {
        members.remove(member.id);
      }
    } else if (member.isChanged || !member.isThere) {
      boolean wasChanged = member.isChanged;
      member.goes();
      ask(
          member,
          host.rosters().enter(key, present),
          outcome -> entered(member, present.info(), wasChanged, outcome));
    } else if (member.isDoubted || !member.asked.isEmpty()) {
      member.goes();
      ask(
          member,
          host.rosters().enterAgain(key, present),
          outcome -> entered(member, present.info(), false, outcome));
    }
  }

  private void ask(
      LocalMember member,
      CompletionStage<Outcome<RosterStamp>> asked,
      Consumer<Outcome<RosterStamp>> then) {
    member.isBusy = true;
    onTheirWay++;
    var unused =
        asked
            .exceptionally(_ -> new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE))
            .thenAccept(outcome -> host.runAtHome(key, () -> answered(member, outcome, then)));
  }

  private void answered(
      LocalMember member, Outcome<RosterStamp> outcome, Consumer<Outcome<RosterStamp>> then) {
    member.isBusy = false;
    onTheirWay--;
    todo.add(member);
    isAway = isUnavailable(outcome);
    then.accept(outcome);
    if (isAway && !isPausing) {
      isPausing = true;
      host.runLater(key, this::endPause, PAUSE);
    }
    proceed();
  }

  private void endPause() {
    isPausing = false;
    proceed();
  }

  private static boolean isUnavailable(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?> refused
        && refused.refusal() == Refusal.RELAY_UNAVAILABLE;
  }

  private void left(LocalMember member, Outcome<RosterStamp> outcome) {
    if (!isUnavailable(outcome)) {
      member.isGone();
    }
  }

  private void entered(
      LocalMember member, @Nullable String info, boolean wasChanged, Outcome<RosterStamp> outcome) {
    switch (outcome) {
      case Outcome.Done<RosterStamp>(RosterStamp stamp) -> {
        member.isThere = true;
        member.accepted = info;
        member.takeAnswering().forEach(asked -> tellDone(member, asked, stamp));
      }
      case Outcome.Refused<RosterStamp> refused when isUnavailable(refused) ->
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
    todo.addAll(absent);
    absent.clear();
    proceed();
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
