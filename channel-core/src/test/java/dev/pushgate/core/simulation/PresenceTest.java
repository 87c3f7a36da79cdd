package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.shard.SessionSubscriptions.Attending;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceTest extends PresenceScene {
  @Test
  void whoeverEntersIsToldTheStateOnceAndThenWhatChanges() {
    RecordingSubscriber ann = member(0);
    enter(ann, "ann", "{\"n\":1}");
    RecordingSubscriber ben = present(1, "ben");
    assertThat(ann.told).containsExactly("STATE 1 ann={\"n\":1}", "entered", "JOIN 2 ben");
    assertThat(ben.told).containsExactly("STATE 2 ann={\"n\":1},ben", "entered");
    update(ben, "2");
    rig.advance(GATHER);
    assertThat(ann.told).last().isEqualTo("UPDATE 3 ben=2");
    assertThat(ben.told).contains("updated r", "UPDATE 3 ben=2");
  }

  @Test
  void whoOnlySubscribesIsNeitherSeenNorTold() {
    RecordingSubscriber silent = member(0);
    RecordingSubscriber ann = present(0, "ann");
    assertThat(silent.told).isEmpty();
    assertThat(ann.told).containsExactly("STATE 1 ann", "entered");
    assertThat(enter(silent, "sil", null)).isEqualTo(Attending.ENTERING);
    rig.advance(GATHER);
    assertThat(silent.told).containsExactly("STATE 2 ann,sil", "entered");
  }

  @Test
  void severalConnectionsOfOneMemberCountOnce() {
    RecordingSubscriber watcher = present(0, "eve");
    RecordingSubscriber one = present(0, "ann");
    RecordingSubscriber two = present(1, "ann");
    assertThat(two.told).containsExactly("STATE 2 eve,ann", "entered");
    close(one);
    rig.advance(BreakableRosters.GRACE.plus(SECOND));
    assertThat(watcher.told).containsExactly("STATE 1 eve", "entered", "JOIN 2 ann");
    close(two);
    rig.advance(BreakableRosters.GRACE);
    assertThat(watcher.told).last().isEqualTo("LEAVE 3 ann");
  }

  @Test
  void whoReturnsWithinTheGraceTimeNeitherLeavesNorJoins() {
    RecordingSubscriber watcher = present(0, "eve");
    close(present(1, "ann"));
    rig.advance(BreakableRosters.GRACE.minusMillis(1));
    RecordingSubscriber again = present(0, "ann");
    rig.advance(BreakableRosters.GRACE.plus(SECOND));
    assertThat(watcher.told).containsExactly("STATE 1 eve", "entered", "JOIN 2 ann");
    assertThat(again.told).containsExactly("STATE 2 eve,ann", "entered");
  }

  @Test
  void unsubscribingEndsPresence() {
    RecordingSubscriber watcher = present(0, "eve");
    RecordingSubscriber ann = present(1, "ann");
    rig.inLoop(ann, subscriptions -> subscriptions.unsubscribe(room));
    rig.settle();
    rig.advance(BreakableRosters.GRACE);
    assertThat(watcher.told).last().isEqualTo("LEAVE 3 ann");
    assertThat(ann.told).containsExactly("STATE 2 eve,ann", "entered");
  }

  @Test
  void whoMayNotStayInTheChannelIsNotPresentAnyMore() {
    RecordingSubscriber watcher = present(0, "eve");
    RecordingSubscriber ann = present(1, "ann");
    ann.mayStay = false;
    rig.engine.shards().revisit(room);
    rig.settle();
    rig.advance(BreakableRosters.GRACE);
    assertThat(watcher.told).last().isEqualTo("LEAVE 3 ann");
  }

  @Test
  void oneWhoIsNoMemberCannotEnter() {
    RecordingSubscriber nobody = rig.subscriber(0);
    assertThat(enter(nobody, "ann", null)).isEqualTo(Attending.NO_MEMBER);
    assertThat(nobody.told).isEmpty();
  }

  @Test
  void aFullRosterRefusesAndTheSubscriptionStays() {
    rig.rosters.limit(new RosterLimits(1, 1_000_000));
    RecordingSubscriber ann = present(0, "ann");
    RecordingSubscriber ben = member(1);
    enter(ben, "ben", null);
    assertThat(ben.told).containsExactly("presence refused QUOTA_EXCEEDED null");
    rig.publishAndSettle(room, "x");
    assertThat(ben.told).last().isEqualTo("1:x");
    close(ann);
    rig.advance(BreakableRosters.GRACE);
    enter(ben, "ben", null);
    rig.advance(GATHER);
    assertThat(ben.told).contains("STATE 1 ben", "entered");
  }

  @Test
  void anInfoThatHasNoRoomIsRefusedAndTheOldOneStays() {
    rig.rosters.limit(new RosterLimits(10, 100));
    RecordingSubscriber ann = member(0);
    enter(ann, "ann", "1");
    update(ann, "\"" + "x".repeat(100) + "\"");
    assertThat(ann.told)
        .containsExactly("STATE 1 ann=1", "entered", "presence refused QUOTA_EXCEEDED r");
    rig.rosters.doubt(room);
    rig.advance(SECOND);
    assertThat(present(1, "ann").told).containsExactly("STATE 1 ann=1", "entered");
  }

  @Test
  void aStormIsGatheredAndStillExact() {
    RecordingSubscriber watcher = present(0, "eve");
    List<RecordingSubscriber> crowd = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      RecordingSubscriber one = member(i % 2);
      crowd.add(one);
      MemberId id = user("u" + i);
      rig.inLoop(one, subscriptions -> subscriptions.enter(room, new Present(id, null)));
    }
    rig.settle();
    rig.advance(GATHER);
    rig.advance(GATHER);
    assertThat(watcher.told.size()).isLessThan(6);
    assertThat(watcher.told).last().asString().startsWith("JOIN 901 ");
    assertThat(joined(watcher)).hasSize(900).doesNotHaveDuplicates();
    crowd.forEach(
        one -> assertThat(one.told).contains("entered").first().asString().startsWith("STATE "));
    crowd.forEach(this::close);
    rig.advance(BreakableRosters.GRACE);
    rig.advance(GATHER);
    assertThat(watcher.told.size()).isLessThan(9);
    assertThat(watcher.told).last().asString().startsWith("LEAVE 1801 ");
  }

  private static List<String> joined(RecordingSubscriber watcher) {
    return watcher.told.stream()
        .filter(line -> line.startsWith("JOIN "))
        .flatMap(line -> List.of(line.split(" ")[2].split(",")).stream())
        .toList();
  }

  @Test
  void theFirstOfAStormIsToldAtOnce() {
    RecordingSubscriber watcher = present(0, "eve");
    rig.advance(GATHER);
    var unused = rig.rosters.elsewhere().enter(room, new Present(user("x"), null));
    unused = rig.rosters.elsewhere().enter(room, new Present(user("y"), null));
    rig.settle();
    assertThat(watcher.told).last().isEqualTo("JOIN 2 x");
    rig.advance(GATHER);
    assertThat(watcher.told).last().isEqualTo("JOIN 3 y");
  }

  @Test
  void whoComesAndGoesBetweenTwoFramesIsNotMentioned() {
    RecordingSubscriber watcher = present(0, "eve");
    rig.advance(GATHER);
    present(1, "first");
    RecordingSubscriber ann = member(1);
    enter(ann, "ann", null);
    close(ann);
    rig.clock.advance(BreakableRosters.GRACE.toMillis());
    rig.rosters.sweep();
    rig.advance(GATHER);
    assertThat(watcher.told).noneMatch(line -> line.contains("ann"));
  }

  @Test
  void aSlowConsumerOfPresenceIsClosed() {
    RecordingSubscriber slow = present(0, "slow");
    slow.slow = true;
    present(1, "ann");
    assertThat(slow.closedSlow).isTrue();
  }
}
