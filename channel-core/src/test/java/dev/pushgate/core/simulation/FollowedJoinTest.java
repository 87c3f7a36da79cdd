package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.StreamPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What those are answered who join a home that follows a relay, and what they wait for.
class FollowedJoinTest extends FollowedScene {
  private RecordingSubscriber asksFor(Start start) {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, KEY, start);
    return subscriber;
  }

  private RecordingSubscriber resumes(String epoch, long offset) {
    return asksFor(new Start.Since(new StreamPosition(epoch, offset)));
  }

  // --- Waiting ----------------------------------------------------------------------------------

  @Test
  void aResumeAtTheHeadNeedsNoReading() {
    join();
    assertThat(resumes("e", 3).told).containsExactly("subscribed 3 true");
    assertThat(relay.asked).isEmpty();
  }

  @Test
  void aResumeFromWhatTheReadingUnderWayBringsWaitsForNoOther() {
    join();
    confirm();
    RecordingSubscriber resumer = resumes("e", 5);
    answer("e", 3, 5);
    assertThat(resumer.told).containsExactly("subscribed 5 true");
    assertThat(relay.asked).containsExactly("read behind 3");
  }

  @Test
  void whoWaitsForAnotherReadingHoldsNobodyUp() {
    RecordingSubscriber first = asksFor(Start.LIVE);
    confirm();
    RecordingSubscriber second = resumes("e", 5);
    answer("e", 0, 3);
    assertThat(first.told).containsExactly("subscribed 3");
    assertThat(second.told).isEmpty();
  }

  @Test
  void aHomeAtWhichSomebodyWaitsIsNotForgotten() {
    RecordingSubscriber first = asksFor(Start.LIVE);
    rig.advance(EngineRig.LIMITS.log().idle().plus(Duration.ofSeconds(1)));
    rig.advance(Duration.ofSeconds(1));
    confirm();
    answer("e", 0, 3);
    assertThat(first.told).containsExactly("subscribed 3");
  }

  @Test
  void whoGaveUpMakesRoomForWhoWouldWait() {
    List<RecordingSubscriber> waiting = new ArrayList<>();
    for (int i = 0; i < EngineRig.LIMITS.waiting().requests(); i++) {
      waiting.add(asksFor(Start.LIVE));
    }
    assertThat(asksFor(Start.LIVE).told).containsExactly("refused RELAY_UNAVAILABLE");
    rig.inLoop(waiting.getFirst(), subscriptions -> subscriptions.unsubscribe(KEY));
    RecordingSubscriber last = asksFor(Start.LIVE);
    confirm();
    answer("e", 0, 3);
    assertThat(last.told).containsExactly("subscribed 3");
    assertThat(waiting.getFirst().told).isEmpty();
  }

  // --- What is recovered ------------------------------------------------------------------------

  @Test
  void aResumeInAnEpochThatIsNewHereWaitsForTheStream() {
    join();
    RecordingSubscriber resumer = resumes("new", 1);
    assertThat(resumer.told).isEmpty();
    answer("new", 0, 2);
    assertThat(resumer.told).containsExactly("subscribed 2 true", "2:m2");
    assertThat(member.told).containsExactly("subscribed 0 false", "1:m1", "2:m2");
  }

  @Test
  void ofAnEpochThatIsOverNothingIsReplayed() {
    join();
    confirm();
    answer("new", 0, 1);
    assertThat(asksFor(new Start.Rewind(5)).told).containsExactly("subscribed 1", "1:m1");
    RecordingSubscriber resumer = resumes("e", 1);
    answer("new", 1, 1);
    assertThat(resumer.told).containsExactly("subscribed 1 false");
  }

  @Test
  void aResumeFromWhereTheStreamNeverWasIsNotRecovered() {
    join();
    RecordingSubscriber resumer = resumes("e", 5);
    answer("e", 3, 4);
    assertThat(resumer.told).containsExactly("subscribed 4 false");
  }

  @Test
  void aResumeFromBeforeAGapIsNotRecovered() {
    join();
    arrives(9);
    answer("e", 7, 9);
    assertThat(resumes("e", 6).told).containsExactly("subscribed 9 false");
    assertThat(resumes("e", 7).told).containsExactly("subscribed 9 true", "8:m8", "9:m9");
  }
}
