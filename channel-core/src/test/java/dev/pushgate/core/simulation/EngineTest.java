package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private final EngineRig rig = new EngineRig(2);
  private final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  void nothingLeakedAndNothingFailed() {
    rig.observer.rethrow();
    assertThat(rig.allocator.leaked()).isZero();
  }

  @Test
  void kFramesToNSubscribersWithinOneTurnAreNWrites() {
    List<RecordingSubscriber> subscribers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      RecordingSubscriber subscriber = rig.subscriber(i % 2);
      rig.subscribe(subscriber, room, Start.LIVE);
      subscribers.add(subscriber);
    }
    for (int k = 0; k < 7; k++) {
      rig.publish(room, "m" + k);
    }
    rig.settle();
    for (RecordingSubscriber subscriber : subscribers) {
      assertThat(subscriber.writes).isEqualTo(1);
      assertThat(subscriber.flushes).isEqualTo(1);
      assertThat(subscriber.told)
          .containsExactly("subscribed 0", "1:m0", "2:m1", "3:m2", "4:m3", "5:m4", "6:m5", "7:m6");
    }
  }

  @Test
  void aSubscriberOfManyChannelsGetsOneWriteForEachInOneTurn() {
    ChannelKey hall = EngineRig.key("a", "hall");
    RecordingSubscriber subscriber = rig.subscriber(room.homeOf(2));
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.subscribe(subscriber, hall, Start.LIVE);
    for (int k = 0; k < 5; k++) {
      rig.publish(room, "r" + k);
      rig.publish(hall, "h" + k);
    }
    rig.settle();
    assertThat(subscriber.writes).isEqualTo(2);
  }

  @Test
  void channelsOfOneNameInTwoAppsNeverMeet() {
    ChannelKey other = EngineRig.key("b", "room");
    RecordingSubscriber mine = rig.subscriber(0);
    RecordingSubscriber theirs = rig.subscriber(0);
    rig.subscribe(mine, room, Start.LIVE);
    rig.subscribe(theirs, other, Start.LIVE);
    rig.publishAndSettle(room, "x");
    rig.publishAndSettle(other, "y");
    assertThat(mine.told).containsExactly("subscribed 0", "1:x");
    assertThat(theirs.told).containsExactly("subscribed 0", "1:y");
  }

  @Test
  void aResumeBringsWhatWasMissedAndThenWhatIsLive() {
    RecordingSubscriber first = rig.subscriber(0);
    rig.subscribe(first, room, Start.LIVE);
    rig.publishAndSettle(room, "a");
    rig.inLoop(first, subscriptions -> subscriptions.close());
    rig.publishAndSettle(room, "b");
    rig.publishAndSettle(room, "c");
    RecordingSubscriber again = rig.subscriber(1);
    rig.subscribe(again, room, new Start.Since(first.head().withOffset(1)));
    rig.publishAndSettle(room, "d");
    assertThat(again.told).containsExactly("subscribed 3 true", "2:b", "3:c", "4:d");
  }

  @Test
  void aResumeBeyondTheRecentLogIsToldThatItIsNoneAndGoesOnLive() {
    rig.publishAndSettle(room, "m0");
    RecordingSubscriber probe = rig.subscriber(0);
    rig.subscribe(probe, room, Start.LIVE);
    for (int i = 0; i < 20; i++) {
      rig.publishAndSettle(room, "n" + i);
    }
    String epoch = probe.head().epoch();
    assertThat(resume(new StreamPosition(epoch, 10))).startsWith("subscribed 21 false").hasSize(1);
    assertThat(resume(new StreamPosition(epoch, 11))).startsWith("subscribed 21 true").hasSize(11);
    assertThat(resume(new StreamPosition(epoch, 21))).containsExactly("subscribed 21 true");
    assertThat(resume(new StreamPosition(epoch, 22))).containsExactly("subscribed 21 false");
    assertThat(resume(new StreamPosition("other", 21))).containsExactly("subscribed 21 false");
  }

  private List<String> resume(StreamPosition since) {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, new Start.Since(since));
    return subscriber.told;
  }

  @Test
  void aRewindBringsTheLastOnes() {
    for (int i = 1; i <= 15; i++) {
      rig.publishAndSettle(room, "m" + i);
    }
    RecordingSubscriber two = rig.subscriber(0);
    rig.subscribe(two, room, new Start.Rewind(2));
    assertThat(two.told).containsExactly("subscribed 15", "14:m14", "15:m15");
    RecordingSubscriber all = rig.subscriber(0);
    rig.subscribe(all, room, new Start.Rewind(1_000));
    assertThat(all.told).hasSize(11).startsWith("subscribed 15", "6:m6");
  }

  @Test
  void aDeclaredChannelGoesOnAcrossARestartAndAResumeReachesAcrossIt() {
    rig.publishAndSettle(room, "before");
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.publishAndSettle(room, "kept");
    rig.publishAndSettle(room, "also");
    rig.restart();
    RecordingSubscriber again = rig.subscriber(0);
    rig.subscribe(again, room, new Start.Since(subscriber.head().withOffset(2)));
    rig.publishAndSettle(room, "after");
    assertThat(subscriber.told).containsExactly("subscribed 1", "2:kept", "3:also");
    assertThat(again.told).containsExactly("subscribed 3 true", "3:also", "4:after");
  }

  @Test
  void anUndeclaredChannelBeginsANewEpochAfterARestart() {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.publishAndSettle(room, "x");
    rig.restart();
    RecordingSubscriber again = rig.subscriber(0);
    rig.subscribe(again, room, new Start.Since(subscriber.head().withOffset(1)));
    assertThat(again.told).containsExactly("subscribed 0 false");
  }

  @Test
  void nobodyHearsOfAMessageBeforeItIsCommitted() {
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    AtomicReference<Outcome<Published>> answer = rig.publish(room, "x");
    rig.loops.forEach(
        loop -> {
          while (loop.isBusy()) {
            loop.runOne();
          }
        });
    assertThat(subscriber.told).containsExactly("subscribed 0");
    assertThat(answer.get()).isNull();
    rig.settle();
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:x");
    assertThat(answer.get()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void whileTheStoreIsAwayDeclaredChannelsRefuseAndTheOthersGoOn() {
    ChannelKey memory = EngineRig.key("a", "memory");
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.store.setAway(true);
    assertThat(refusal(rig.publishAndSettle(room, "lost"))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(rig.publishAndSettle(memory, "fine")).isInstanceOf(Outcome.Done.class);
    RecordingSubscriber joins = rig.subscriber(1);
    rig.subscribe(joins, room, Start.LIVE);
    assertThat(joins.told).as("memory holds what a join needs").containsExactly("subscribed 0");
    rig.store.setAway(false);
    rig.advance(Duration.ofSeconds(2));
    assertThat(rig.publishAndSettle(room, "back")).isInstanceOf(Outcome.Done.class);
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:back");
  }

  private static Refusal refusal(Outcome<Published> answer) {
    return ((Outcome.Refused<Published>) answer).refusal();
  }

  @Test
  void aRepeatedIdempotencyKeyGetsTheFirstAnswerAndDeliversNothing() {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    AtomicReference<Outcome<Published>> first = rig.publish(room, "x", "key");
    AtomicReference<Outcome<Published>> second = rig.publish(room, "x", "key");
    AtomicReference<Outcome<Published>> other = rig.publish(room, "y", "key");
    rig.settle();
    assertThat(second.get()).isEqualTo(first.get());
    assertThat(refusal(Objects.requireNonNull(other.get()))).isEqualTo(Refusal.CONFLICT);
    rig.advance(Duration.ofMinutes(4));
    AtomicReference<Outcome<Published>> third = rig.publish(room, "x", "key");
    rig.settle();
    assertThat(third.get()).isEqualTo(first.get());
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:x");
    rig.advance(Duration.ofMinutes(1));
    rig.publish(room, "x", "key");
    rig.settle();
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:x", "2:x");
  }

  @Test
  void anIdempotencyKeyOfADeclaredChannelHoldsAcrossARestart() {
    rig.declare(room);
    AtomicReference<Outcome<Published>> first = rig.publish(room, "x", "key");
    rig.settle();
    rig.restart();
    AtomicReference<Outcome<Published>> again = rig.publish(room, "x", "key");
    rig.settle();
    assertThat(again.get()).isEqualTo(first.get());
  }

  @Test
  void twoAtOnceOnADeclaredChannelTheSecondWaitsForTheFirst() {
    rig.declare(room);
    rig.publishAndSettle(room, "open");
    AtomicReference<Outcome<Published>> first = rig.publish(room, "x", "key");
    AtomicReference<Outcome<Published>> second = rig.publish(room, "x", "key");
    rig.settle();
    assertThat(second.get()).isEqualTo(first.get()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aSlowSubscriberIsClosedAndTheOthersKeepReceiving() {
    RecordingSubscriber slow = rig.subscriber(0);
    RecordingSubscriber quick = rig.subscriber(0);
    rig.subscribe(slow, room, Start.LIVE);
    rig.subscribe(quick, room, Start.LIVE);
    slow.slow = true;
    rig.publishAndSettle(room, "a");
    rig.publishAndSettle(room, "b");
    assertThat(slow.closedSlow).isTrue();
    assertThat(slow.told).containsExactly("subscribed 0", "1:a");
    assertThat(quick.told).containsExactly("subscribed 0", "1:a", "2:b");
  }

  @Test
  void aDeletedChannelTellsItsMembersAndEndsItsStream() {
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(1);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.publishAndSettle(room, "x");
    var deleted = rig.engine.channels().delete(room).toCompletableFuture();
    rig.settle();
    assertThat(deleted.join()).isEqualTo(Outcome.done(room));
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:x", "removed");
    RecordingSubscriber again = rig.subscriber(0);
    rig.subscribe(again, room, new Start.Since(subscriber.head().withOffset(1)));
    assertThat(again.told).containsExactly("subscribed 0 false");
  }

  @Test
  void whoMayNotStayIsToldAndRemoved() {
    RecordingSubscriber stays = rig.subscriber(0);
    RecordingSubscriber goes = rig.subscriber(0);
    rig.subscribe(stays, room, Start.LIVE);
    rig.subscribe(goes, room, Start.LIVE);
    goes.mayStay = false;
    rig.engine.shards().revisit(room);
    rig.publishAndSettle(room, "x");
    assertThat(goes.told).containsExactly("subscribed 0", "removed FORBIDDEN");
    assertThat(stays.told).containsExactly("subscribed 0", "1:x");
  }

  @Test
  void anUnusedChannelIsForgottenAfterItsTimeAndNotBefore() {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.inLoop(subscriber, subscriptions -> subscriptions.close());
    rig.advance(Duration.ofMinutes(4));
    assertThat(resume(subscriber.head())).containsExactly("subscribed 0 true");
    rig.restart();
    rig.subscribe(rig.subscriber(0), room, Start.LIVE);
  }
}
