package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.shard.SessionSubscriptions.Attending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PresenceTest {
  private static final Duration GATHER = Duration.ofMillis(200);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final EngineRig rig = new EngineRig(2);
  private final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  void nothingLeakedAndNothingFailed() {
    rig.observer.rethrow();
    assertThat(rig.allocator.leaked()).isZero();
  }

  private RecordingSubscriber member(int shard) {
    RecordingSubscriber subscriber = rig.subscriber(shard);
    rig.subscribe(subscriber, room, Start.LIVE);
    subscriber.told.clear();
    return subscriber;
  }

  private @Nullable Attending enter(
      RecordingSubscriber subscriber, String user, @Nullable String info) {
    AtomicReference<Attending> attending = new AtomicReference<>();
    rig.inLoop(
        subscriber,
        subscriptions ->
            attending.set(subscriptions.enter(room, new Present(new MemberId.User(user), info))));
    rig.settle();
    return attending.get();
  }

  private RecordingSubscriber present(int shard, String user) {
    RecordingSubscriber subscriber = member(shard);
    enter(subscriber, user, null);
    rig.advance(GATHER);
    return subscriber;
  }

  private void close(RecordingSubscriber subscriber) {
    rig.inLoop(subscriber, subscriptions -> subscriptions.close());
    rig.settle();
  }

  private void update(RecordingSubscriber subscriber, String info) {
    rig.inLoop(subscriber, subscriptions -> subscriptions.update(room, info, "r"));
    rig.settle();
  }

  private static MemberId user(String id) {
    return new MemberId.User(id);
  }

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
    rig.advance(GATHER);
    assertThat(watcher.told).last().isEqualTo("LEAVE 2 far");
    assertThat(present(0, "new").told.getFirst()).startsWith("STATE 3 ").contains("eve", "ann");
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

  @Test
  void aSlowConsumerOfPresenceIsClosed() {
    RecordingSubscriber slow = present(0, "slow");
    slow.slow = true;
    present(1, "ann");
    assertThat(slow.closedSlow).isTrue();
  }
}
