package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is told of presence when rosters are away, lose or forget something.
class PresenceTroubleTest extends PresenceScene {
  @Test
  void aLostChangeIsFoundByTheNextOneAndRead() {
    RecordingSubscriber watcher = present(0, "eve");
    rig.rosters.deaf = true;
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("x"), null));
    rig.rosters.deaf = false;
    unused = rig.rosters.elsewhere().enter(room, new Present(user("y"), null));
    rig.advance(GATHER);
    assertThat(watcher.told).last().isEqualTo("JOIN 3 x,y");
  }

  @Test
  void aStormThatAShardHasNoRoomForIsDroppedAndTheRosterIsReadASecondLater() {
    RecordingSubscriber watcher = present(0, "eve");
    for (int i = 1; i <= 10_000; i++) {
      var unused = rig.rosters.elsewhere().enter(room, new Present(user("x"), "" + i));
    }
    int waiting = rig.engine.shards().get(0).backlog() + rig.engine.shards().get(1).backlog();
    assertThat(waiting).isBetween(1_000, 5_000);
    rig.settle();
    rig.advance(SECOND);
    rig.advance(GATHER);
    assertThat(watcher.told).last().isEqualTo("UPDATE 10001 x=10000");
    assertThat(rig.rosters.reads).as("not for each change that was dropped").isLessThan(5);
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("y"), null));
    rig.settle();
    rig.advance(GATHER);
    assertThat(watcher.told).last().isEqualTo("JOIN 10002 y");
  }

  @Test
  void aNewcomerDoesNotWaitForAChangeThatWasLost() {
    RecordingSubscriber watcher = present(0, "eve");
    rig.rosters.deaf = true;
    RecordingSubscriber ann = member(1);
    enter(ann, "ann", null);
    assertThat(ann.told).isEmpty();
    rig.advance(SECOND);
    rig.advance(GATHER);
    assertThat(ann.told).containsExactly("STATE 2 eve,ann", "entered");
    assertThat(watcher.told).last().isEqualTo("JOIN 2 ann");
  }

  @Test
  void whileTheRostersAreAwayEnteringWaitsAndLeavingIsNotForgotten() {
    RecordingSubscriber watcher = present(0, "eve");
    RecordingSubscriber ann = present(1, "ann");
    rig.rosters.away = true;
    RecordingSubscriber ben = member(1);
    enter(ben, "ben", null);
    close(ann);
    int before = rig.rosters.asked;
    for (int i = 0; i < 10; i++) {
      rig.advance(SECOND);
    }
    assertThat(rig.rosters.asked - before).as("once a second").isLessThanOrEqualTo(11);
    assertThat(ben.told).isEmpty();
    rig.rosters.away = false;
    rig.advance(SECOND);
    rig.advance(GATHER);
    assertThat(ben.told).contains("entered");
    assertThat(watcher.told).last().isEqualTo("JOIN 3 ben");
    rig.advance(BreakableRosters.GRACE);
    assertThat(watcher.told).last().isEqualTo("LEAVE 4 ann");
  }

  @Test
  void whoTakesItsWishBackWhileTheRostersAreAwayStaysAMemberAndMayWishAgain() {
    RecordingSubscriber watcher = present(0, "eve");
    watcher.told.clear();
    rig.rosters.away = true;
    RecordingSubscriber ben = member(1);
    enter(ben, "ben", null);
    rig.inLoop(ben, subscriptions -> assertThat(subscriptions.withdraw(room)).isTrue());
    rig.advance(SECOND);
    rig.rosters.away = false;
    rig.advance(SECOND);
    rig.advance(BreakableRosters.GRACE);
    assertThat(ben.told).isEmpty();
    assertThat(watcher.told).filteredOn(line -> line.startsWith("JOIN 3")).isEmpty();

    enter(ben, "ben", null);
    rig.advance(GATHER);
    assertThat(ben.told).last().isEqualTo("entered");
    rig.publishAndSettle(room, "x");
    assertThat(ben.told).last().asString().contains("x");
  }

  @Test
  void rostersThatLostEverythingAreGivenTheMembersAgainAndNobodySeesIt() {
    RecordingSubscriber watcher = present(0, "eve");
    present(1, "ann");
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("far"), null));
    rig.advance(GATHER);
    List<String> before = List.copyOf(watcher.told);
    rig.rosters.loseEverything();
    rig.rosters.incomplete = true;
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    rig.advance(SECOND);
    assertThat(watcher.told).isEqualTo(before);
    rig.rosters.incomplete = false; // and the far node never came back
    rig.advance(SECOND);
    rig.advance(SECOND);
    rig.advance(GATHER);
    assertThat(watcher.told).last().isEqualTo("LEAVE 2 far");
    assertThat(present(0, "new").told.getFirst()).startsWith("STATE 3 ").contains("eve", "ann");
  }

  @Test
  void oneWhoLostItsPlaceInAFullRosterEntersAgainWhenThereIsRoom() {
    RecordingSubscriber ann = present(0, "ann");
    rig.rosters.limit(new RosterLimits(1, 1_000_000)); // it has lost everything, too
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("far"), null));
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    rig.advance(SECOND);
    assertThat(ann.told).contains("JOIN 1 far", "LEAVE 1 ann");
    int before = rig.rosters.asked;
    for (int i = 0; i < 20; i++) {
      rig.advance(SECOND);
    }
    assertThat(rig.rosters.asked - before).as("every five seconds").isBetween(3, 5);
    unused = rig.rosters.elsewhere().leave(room, user("far"));
    rig.advance(BreakableRosters.GRACE.plus(GATHER));
    assertThat(ann.told).last().isEqualTo("LEAVE 2 far");
    rig.advance(BreakableRosters.GRACE.plus(GATHER));
    rig.advance(GATHER);
    assertThat(ann.told).last().asString().matches("JOIN \\d ann");
  }

  @Test
  void oneWhoIsHereButWasTakenForGoneEntersAgain() {
    RecordingSubscriber watcher = present(0, "eve");
    present(1, "ann");
    var unused = rig.rosters.elsewhere().leave(room, user("ann"));
    rig.advance(BreakableRosters.GRACE);
    rig.advance(GATHER);
    assertThat(watcher.told).endsWith("LEAVE 3 ann", "JOIN 4 ann");
  }

  @Test
  void whomTheRosterHasHereAndWhoIsNotLeaves() {
    RecordingSubscriber watcher = present(0, "eve");
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ghost"), null));
    rig.settle();
    rig.rosters.hold(room, user("ghost"));
    rig.rosters.hold(room, user("eve"));
    rig.settle();
    rig.advance(BreakableRosters.GRACE);
    rig.advance(GATHER);
    assertThat(watcher.told)
        .containsExactly("STATE 1 eve", "entered", "JOIN 2 ghost", "LEAVE 3 ghost");
  }

  @Test
  void whomTheRosterHasHereLeavesAlsoWhereNobodyIsPresent() {
    rig.subscriber(0);
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ghost"), null));
    rig.rosters.away = true;
    rig.rosters.hold(room, user("ghost"));
    rig.settle();
    rig.rosters.away = false;
    rig.advance(SECOND);
    rig.advance(BreakableRosters.GRACE);
    assertThat(present(0, "eve").told).containsExactly("STATE 1 eve", "entered");
  }

  @Test
  void anInfoSaidElsewhereIsNotTurnedBackByADoubt() {
    RecordingSubscriber ann = member(0);
    enter(ann, "ann", "1");
    rig.rosters.deaf = true;
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ann"), "2"));
    rig.rosters.deaf = false;
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    assertThat(ann.told).last().isEqualTo("UPDATE 2 ann=2");
  }
}
