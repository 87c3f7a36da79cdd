package dev.pushgate.core.simulation;

import static dev.pushgate.core.simulation.ScriptedRelay.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.relay.Arrival;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A home that follows a relay, and what its members are told when the relay is not what it was.
class FollowedStreamTest extends FollowedScene {
  @Test
  void aJoinIsAnsweredWhenTheStreamWasReadBehindTheConfirmation() {
    rig.subscribe(member, KEY, new Start.Rewind(2));
    assertThat(relay.asked).containsExactly("follow");
    confirm();
    assertThat(relay.asked).containsExactly("follow", "read");
    assertThat(member.told).isEmpty();
    arrives(3); // which the answer holds already
    arrives(4); // and this it does not
    answer("e", 0, 3);
    assertThat(member.told).containsExactly("subscribed 4", "3:m3", "4:m4");
  }

  @Test
  void theRelayHearsWhenASliceOrAFailureWasTaken() {
    rig.subscribe(member, KEY, Start.LIVE);
    confirm();
    ScriptedRelay.Reading first = relay.readings.getFirst();
    relay.answer("e", 0, 3);
    assertThat(first.taken()).as("it waits in the mailbox").isNotDone();
    rig.settle();
    assertThat(first.taken()).isDone();

    relay.listener().doubtful(KEY);
    rig.settle();
    ScriptedRelay.Reading second = relay.readings.getFirst();
    failReading();
    assertThat(second.taken()).isDone();
  }

  @Test
  void aNextOneThatFitsNeedsNoReading() {
    join();
    arrives(4);
    arrives(5);
    assertThat(member.told).containsExactly("4:m4", "5:m5");
    assertThat(relay.asked).isEmpty();
  }

  @Test
  void whatComesTwiceIsGivenOnce() {
    join();
    arrives(4);
    arrives(4);
    arrives(2);
    assertThat(member.told).containsExactly("4:m4");
    assertThat(relay.asked).isEmpty();
  }

  @Test
  void aJumpIsFilledFromTheStreamBeforeAnythingElseIsGiven() {
    join();
    arrives(6);
    assertThat(relay.asked).containsExactly("read behind 3");
    arrives(7);
    assertThat(member.told).isEmpty();
    answer("e", 3, 6);
    assertThat(member.told).containsExactly("4:m4", "5:m5", "6:m6", "7:m7");
  }

  @Test
  void whatTheStreamNoLongerHasIsToldAsAGap() {
    join();
    arrives(9);
    answer("e", 7, 9);
    assertThat(member.told).containsExactly("gap 4-7", "8:m8", "9:m9");
    arrives(12);
    answer("e", 12, 12);
    arrives(13);
    assertThat(member.told.subList(3, 5)).containsExactly("gap 10-12", "13:m13");
  }

  @Test
  void anotherPredecessorBehindTheSameOffsetsIsDoubted() {
    join();
    relay.listener().arrived(new Arrival(publication(KEY, "e", 4), "another"));
    rig.settle();
    assertThat(member.told).isEmpty();
    answer("new", 0, 1);
    assertThat(member.told).containsExactly("subscribed 0 false", "1:m1");
  }

  @Test
  void anotherMessageAtAnOffsetThatWasGivenIsDoubted() {
    join();
    relay.listener().arrived(new Arrival(publication(KEY, "e", 3, "another"), "id2"));
    rig.settle();
    assertThat(relay.asked).containsExactly("read behind 3");
  }

  @Test
  void anotherMessageAtTheHeadIsDoubtedThoughTheStreamKeepsNone() {
    rig.subscribe(member, KEY, Start.LIVE);
    confirm();
    answer("e", 3, 3);
    relay.asked.clear();
    arrives(3);
    assertThat(relay.asked).isEmpty();
    relay.listener().arrived(new Arrival(publication(KEY, "e", 3, "another"), "id2"));
    rig.settle();
    assertThat(relay.asked).containsExactly("read behind 3");
  }

  @Test
  void lostDataIsANewEpochForMembersAndForResumers() {
    join();
    relay.arrives(publication(KEY, "new", 1));
    rig.settle();
    answer("new", 0, 1);
    assertThat(member.told).containsExactly("subscribed 0 false", "1:m1");
    RecordingSubscriber resumer = rig.subscriber(0);
    rig.subscribe(resumer, KEY, new Start.Since(new StreamPosition("e", 3)));
    answer("new", 1, 1);
    assertThat(resumer.told).containsExactly("subscribed 1 false");
  }

  @Test
  void aResumeFromANodeThatWasAheadWaitsForTheStream() {
    join();
    RecordingSubscriber resumer = rig.subscriber(0);
    rig.subscribe(resumer, KEY, new Start.Since(new StreamPosition("e", 5)));
    assertThat(resumer.told).isEmpty();
    answer("e", 3, 6);
    assertThat(resumer.told).containsExactly("subscribed 6 true", "6:m6");
    assertThat(member.told).containsExactly("4:m4", "5:m5", "6:m6");
  }

  @Test
  void aResumeThatComesDuringAReadingWaitsForOneThatBeganBehindIt() {
    join();
    confirm();
    RecordingSubscriber resumer = rig.subscriber(0);
    rig.subscribe(resumer, KEY, new Start.Since(new StreamPosition("e", 5)));
    answer("e", 3, 4); // what was read before the resumer saw 5 elsewhere
    assertThat(resumer.told).isEmpty();
    answer("e", 4, 5);
    assertThat(resumer.told).containsExactly("subscribed 5 true");
  }

  @Test
  void aResumeIsNotLetInBehindAReadingThatAnotherJumpFollows() {
    join();
    arrives(6);
    RecordingSubscriber resumer = rig.subscriber(0);
    rig.subscribe(resumer, KEY, new Start.Since(new StreamPosition("e", 9)));
    arrives(8);
    answer("e", 3, 6); // begun before the resumer asked; and 7 is missing
    assertThat(resumer.told).isEmpty();
    answer("e", 6, 10);
    assertThat(resumer.told).containsExactly("subscribed 10 true", "10:m10");
    assertThat(relay.readings).isEmpty();
  }

  @Test
  void afterAReadingThatFailedTheStreamIsReadAgain() {
    join();
    arrives(5);
    failReading();
    arrives(6);
    assertThat(relay.asked).containsExactly("read behind 3", "read behind 3");
    failReading();
    rig.advance(Duration.ofSeconds(10));
    answer("e", 3, 6);
    assertThat(member.told).containsExactly("4:m4", "5:m5", "6:m6");
  }

  @Test
  void aConfirmationFindsALostLastMessage() {
    join();
    confirm();
    answer("e", 3, 4);
    assertThat(member.told).containsExactly("4:m4");
  }

  @Test
  void whatNobodyListensToIsUnfollowed() {
    relay.arrives(publication(KEY, "e", 1));
    rig.settle();
    assertThat(relay.asked).containsExactly("unfollow");
    assertThat(rig.observer.unheard).isOne();
  }

  @Test
  void aChannelWithoutMembersIsUnfollowedAfterAWhile() {
    join();
    rig.inLoop(member, subscriptions -> subscriptions.unsubscribe(KEY));
    rig.advance(Duration.ofSeconds(1));
    assertThat(relay.asked).isEmpty();
    rig.advance(Duration.ofMinutes(6));
    rig.advance(Duration.ofSeconds(1));
    assertThat(relay.asked).containsExactly("unfollow");
  }

  @Test
  void aJoinThatIsCalledOffWhileTheRelayIsAwayLeavesNothingBehind() {
    rig.subscribe(member, KEY, Start.LIVE);
    rig.inLoop(member, subscriptions -> subscriptions.unsubscribe(KEY));
    rig.advance(Duration.ofSeconds(1));
    rig.advance(Duration.ofMinutes(6));
    rig.advance(Duration.ofSeconds(1));
    assertThat(relay.asked).containsExactly("follow", "unfollow");
    confirm();
    assertThat(relay.readings).isEmpty();
  }

  @Test
  void alsoOneThatMuchIsPublishedToIsUnfollowed() {
    join();
    rig.inLoop(member, subscriptions -> subscriptions.unsubscribe(KEY));
    rig.advance(Duration.ofSeconds(1));
    for (int offset = 4; offset < 10; offset++) {
      arrives(offset);
      rig.advance(Duration.ofMinutes(1));
    }
    rig.advance(Duration.ofSeconds(1));
    assertThat(relay.asked).contains("unfollow");
  }
}
