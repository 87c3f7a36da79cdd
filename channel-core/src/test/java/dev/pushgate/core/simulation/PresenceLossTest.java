package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.presence.Present;
import org.junit.jupiter.api.Test;

/// What of presence is lost unheard, in the rosters or on the way to members, and made good.
class PresenceLossTest extends PresenceScene {
  @Test
  void rostersThatLoseEverythingUnnoticedAreWholeAfterTheFirstChangeAndNobodyLeaves() {
    RecordingSubscriber watcher = present(0, "eve");
    RecordingSubscriber ann = member(1);
    enter(ann, "ann", "1");
    rig.advance(GATHER);
    watcher.told.clear();
    rig.rosters.loseEverything();
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("x"), null));
    rig.advance(GATHER);
    assertThat(watcher.told).containsExactly("JOIN 1 x");
    rig.advance(SECOND);
    rig.advance(SECOND);
    assertThat(watcher.told).containsExactly("JOIN 1 x");
    assertThat(present(0, "new").told.getFirst()).contains("x", "eve", "ann=1");
  }

  @Test
  void whoIsHereAndWasForgottenUnheardEntersAgainWithTheNextReading() {
    RecordingSubscriber watcher = present(0, "eve");
    present(1, "ann");
    rig.rosters.deaf = true;
    var unused = rig.rosters.elsewhere().leave(room, user("ann"));
    rig.advance(BreakableRosters.GRACE);
    rig.rosters.deaf = false;
    watcher.told.clear();
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    rig.advance(SECOND);
    assertThat(watcher.told).isEmpty();
    assertThat(present(0, "new").told.getFirst()).contains("eve", "ann");
  }

  @Test
  void aDoubtReadsTheRosterAndAsksNothingForMembersThatAreInIt() {
    for (int i = 0; i < 20; i++) {
      present(0, "u" + i);
    }
    int asked = rig.rosters.asked;
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    assertThat(rig.rosters.asked).isEqualTo(asked + 1);
  }

  @Test
  void whatAMemberSaidElsewhereIsKeptWhenTheRostersLoseIt() {
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ann"), "1"));
    present(0, "ann");
    rig.rosters.loseEverything();
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    RecordingSubscriber eve = present(1, "eve");
    assertThat(eve.told).contains("STATE 2 ann=1,eve");
  }

  @Test
  void whatAMemberSaidElsewhereIsKeptWhenItComesHereAfterTheRostersLostIt() {
    RecordingSubscriber eve = present(1, "eve");
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ann"), "1"));
    rig.advance(GATHER);
    rig.rosters.loseEverything();
    rig.rosters.deaf = true;
    RecordingSubscriber ann = member(0);
    enter(ann, "ann", null);
    rig.rosters.deaf = false;
    rig.advance(SECOND);
    rig.advance(SECOND);
    assertThat(ann.told).first().asString().startsWith("STATE ").contains("ann=1", "eve");
    assertThat(eve.told).noneMatch(line -> line.startsWith("LEAVE"));
  }

  @Test
  void anInfoThatTheRosterHasNoMoreIsSaidOnceMore() {
    RecordingSubscriber ann = member(0);
    enter(ann, "ann", "1");
    rig.rosters.loseEverything();
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ann"), null));
    rig.advance(SECOND);
    rig.advance(SECOND);
    assertThat(present(1, "eve").told.getFirst()).contains("ann=1");
  }

  @Test
  void aChangeThatCouldNotBeEncodedIsToldLater() {
    SimulatedWire wire = new SimulatedWire(_ -> {});
    RecordingSubscriber watcher = rig.subscriber(0);
    watcher.wireFormat = wire;
    rig.subscribe(watcher, room, Start.LIVE);
    enter(watcher, "eve", null);
    rig.advance(GATHER);
    watcher.told.clear();
    wire.fails = true;
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("ann"), null));
    rig.settle();
    assertThat(rig.observer.takeFailure()).isNotNull();
    assertThat(watcher.told).isEmpty();
    rig.advance(SECOND);
    assertThat(watcher.told).containsExactly("JOIN 2 ann");
  }
}
