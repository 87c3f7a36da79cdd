package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.RosterStamp;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Considers one member after the other, so that a bounded number of questions is on its way to the
/// rosters: one at a time, and with a pause between two, while they cannot be reached. Confined to
/// its home.
final class RosterTurns {
  /// How many members may be on their way to the roster.
  private static final int AT_ONCE = 32;

  /// Between two questions to rosters that cannot be reached.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ChannelKey key;
  private final PresenceHost host;
  private final Consumer<LocalMember> turn;
  private final Set<LocalMember> todo = new LinkedHashSet<>();
  private int onTheirWay;
  private boolean isAway;
  private boolean isPausing;

  /// @param turn considers a member, and may [#ask] something for it
  RosterTurns(ChannelKey key, PresenceHost host, Consumer<LocalMember> turn) {
    this.key = key;
    this.host = host;
    this.turn = turn;
  }

  void add(LocalMember member) {
    todo.add(member);
    proceed();
  }

  void addAll(Collection<LocalMember> members) {
    todo.addAll(members);
    proceed();
  }

  /// The rosters may be reached again: there is no reason to wait.
  void endPause() {
    isPausing = false;
    proceed();
  }

  private void proceed() {
    Iterator<LocalMember> next = todo.iterator();
    while (!isPausing && onTheirWay < (isAway ? 1 : AT_ONCE) && next.hasNext()) {
      LocalMember member = next.next();
      next.remove();
      if (!member.isBusy) { // else it is considered again when that is over
        turn.accept(member);
      }
    }
  }

  void ask(
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

  static boolean isUnavailable(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?> refused
        && refused.refusal() == Refusal.RELAY_UNAVAILABLE;
  }
}
