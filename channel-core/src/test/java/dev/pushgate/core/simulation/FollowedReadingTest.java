package dev.pushgate.core.simulation;

import static dev.pushgate.core.simulation.ScriptedRelay.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a home that follows a relay reads its stream, and when it has no need to.
class FollowedReadingTest extends FollowedScene {
  private static final int TURN_BYTES = EngineRig.LIMITS.turn().bytes();

  private static Publication large(long offset, int bytes) {
    byte[] data = "x".repeat(bytes).getBytes(StandardCharsets.UTF_8);
    return new Publication(KEY, new StreamPosition("e", offset), "id" + offset, "e", "c", data, 0);
  }

  // --- Arriving ---------------------------------------------------------------------------------

  @Test
  void whatIsTooOldToTellCountsAsRepeated() {
    rig.subscribe(member, KEY, Start.LIVE);
    confirm();
    answer("e", 2, 3);
    relay.asked.clear();
    arrives(1);
    assertThat(relay.asked).isEmpty();
  }

  @Test
  void whatWasHeldIsTakenInTheOrderInWhichItCame() {
    join();
    confirm();
    arrives(4);
    arrives(5);
    answer("e", 3, 3);
    assertThat(member.told).containsExactly("4:m4", "5:m5");
    assertThat(relay.asked).containsExactly("read behind 3");
  }

  @Test
  void anotherPredecessorBehindAGapIsDoubted() {
    join();
    arrives(12);
    answer("e", 12, 12);
    relay.listener().arrived(new Arrival(publication(KEY, "e", 13), "another"));
    rig.settle();
    assertThat(member.told).containsExactly("gap 4-12");
    assertThat(relay.asked).containsExactly("read behind 3", "read behind 12");
  }

  @Test
  void whatHadNoRoomDuringAReadingIsRead() {
    join();
    confirm();
    int most = (int) EngineRig.LIMITS.waiting().bytes();
    relay.arrives(large(4, most));
    relay.arrives(large(5, most));
    rig.settle();
    answer("e", 3, 3);
    assertThat(relay.asked).containsExactly("read behind 3", "read behind 4");
  }

  @Test
  void whatWasHeldWhenAnotherReadingBeganIsNotTakenBehindIt() {
    join();
    arrives(6);
    arrives(8);
    relay.arrives(publication(KEY, "void", 9));
    rig.settle();
    answer("e", 3, 6);
    answer("e", 6, 8);
    assertThat(relay.asked).containsExactly("read behind 3", "read behind 6");
  }

  // --- Reading ----------------------------------------------------------------------------------

  @Test
  void aReadingNamesTheMessageAtTheHead() {
    join();
    confirm();
    assertThat(relay.readings.getFirst().seen())
        .isEqualTo(new Seen(new StreamPosition("e", 3), "id3"));
    answer("e", 3, 3);
    relay.listener().arrived(new Arrival(publication(KEY, "e", 4, "other"), "id3"));
    confirm();
    assertThat(relay.readings.getFirst().seen())
        .isEqualTo(new Seen(new StreamPosition("e", 4), "other"));
  }

  @Test
  void aConfirmationDuringAReadingAsksForAnother() {
    join();
    confirm();
    confirm();
    answer("e", 3, 3);
    answer("e", 3, 4);
    assertThat(member.told).containsExactly("4:m4");
    assertThat(relay.asked).containsExactly("read behind 3", "read behind 3");
  }

  @Test
  void moreThanATurnMayTakeIsHandedOutInSeveral() {
    join();
    confirm();
    answerWithLargeOnes();
    rig.loops.getFirst().runOne();
    assertThat(member.told).hasSize(2);
    rig.settle();
    assertThat(member.told).hasSize(3);
  }

  @Test
  void whatWasReadOfAStreamThatHasEndedIsNotHandedOut() {
    join();
    confirm();
    answerWithLargeOnes();
    ended();
    assertThat(member.told).hasSize(3).endsWith("removed");
    assertThat(rig.observer.published).isEqualTo(2);
  }

  /// Three, of which one turn takes two.
  private void answerWithLargeOnes() {
    List<Publication> newest =
        List.of(large(4, TURN_BYTES / 2), large(5, TURN_BYTES / 2), large(6, TURN_BYTES / 2));
    StreamSlice slice = new StreamSlice(newest.getLast().position(), "id6", newest, "");
    relay.readings.removeFirst().answer().complete(slice);
  }

  // --- A stream that ends -----------------------------------------------------------------------

  @Test
  void aStreamThatEndsDuringItsFirstReadingIsNotShown() {
    rig.subscribe(member, KEY, Start.LIVE);
    confirm();
    ended();
    answer("e", 0, 3); // perhaps read before it ended
    assertThat(member.told).isEmpty();
    answer("new", 0, 1);
    assertThat(member.told).containsExactly("subscribed 1");
  }

  @Test
  void anEndedStreamIsNotReadWhileNobodyWaitsForAnother() {
    join();
    ended();
    arrives(1);
    relay.listener().doubtful(KEY);
    confirm();
    assertThat(relay.asked).isEmpty();
  }

  // --- A reading that fails ---------------------------------------------------------------------

  @Test
  void failuresOneAfterTheOtherHaveOneRetry() {
    join();
    confirm();
    failReading();
    rig.advance(Duration.ofSeconds(1));
    confirm();
    failReading();
    rig.advance(Duration.ofSeconds(4));
    failReading(); // of the retry
    relay.asked.clear();
    rig.advance(Duration.ofSeconds(1));
    assertThat(relay.asked).isEmpty();
  }

  @Test
  void aRetryDuringAReadingAsksForNoOther() {
    join();
    confirm();
    failReading();
    confirm();
    rig.advance(Duration.ofSeconds(5));
    answer("e", 3, 3);
    assertThat(relay.asked).containsExactly("read behind 3", "read behind 3");
  }

  @Test
  void aForgottenHomeIsNotReadAgain() {
    join();
    confirm();
    failReading();
    rig.inLoop(member, subscriptions -> subscriptions.unsubscribe(KEY));
    for (int i = 0; i < EngineRig.LIMITS.log().idleChannels(); i++) {
      visit(EngineRig.key("a", "other" + i));
    }
    assertThat(relay.asked).contains("unfollow");
    rig.advance(Duration.ofSeconds(5));
    assertThat(relay.asked).containsOnlyOnce("read behind 3");
  }

  /// Leaves an idle home behind.
  private void visit(ChannelKey key) {
    RecordingSubscriber visitor = rig.subscriber(0);
    rig.subscribe(visitor, key, Start.LIVE);
    relay.listener().confirmed(key);
    rig.settle();
    answer("e", 0, 0);
    rig.inLoop(visitor, subscriptions -> subscriptions.unsubscribe(key));
    rig.settle();
  }

  @Test
  void whatWasHeldMakesRoomWhenTheReadingFails() {
    join();
    confirm();
    arrives(5);
    rig.advance(Duration.ofSeconds(1));
    assertThat(waitingBytes()).isPositive();
    failReading();
    rig.advance(Duration.ofSeconds(1));
    assertThat(waitingBytes()).isZero();
  }

  private long waitingBytes() {
    return rig.engine.shards().get(0).load().waitingBytes();
  }
}
