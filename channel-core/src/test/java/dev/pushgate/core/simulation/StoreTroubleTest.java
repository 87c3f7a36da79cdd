package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a declared channel's publishers and members get when its store is full, slow, silent or
/// forgetful.
class StoreTroubleTest {
  private final EngineRig rig = new EngineRig(1);
  private final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  void nothingLeakedAndNothingFailed() {
    rig.observer.rethrow();
    assertThat(rig.allocator.leaked()).isZero();
  }

  @Test
  void whatDidCommitIsAcknowledgedAndDeliveredThoughTheLogIsTooShortToShowIt() {
    RecordingSubscriber subscriber = declaredWithOne();
    List<AtomicReference<Outcome<Published>>> answers = publishSilently(2, 31);

    rig.settle();

    assertThat(answers).allMatch(answer -> answer.get() instanceof Outcome.Done);
    assertThat(subscriber.told)
        .containsExactlyElementsOf(
            Stream.concat(
                    Stream.of("subscribed 0"),
                    IntStream.rangeClosed(1, 31).mapToObj(i -> i + ":m" + i))
                .toList());
  }

  @Test
  void whatDidCommitReachesMembersAlsoAfterItsPublisherWasToldThatNobodyKnows() {
    RecordingSubscriber subscriber = declaredWithOne();
    List<AtomicReference<Outcome<Published>>> answers = publishSilently(2, 31);
    rig.store.setAway(true);
    rig.settle();
    assertThat(answers).allMatch(answer -> sentence(answer).contains("unknown"));
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:m1");

    rig.store.setAway(false);
    rig.advance(Duration.ofSeconds(2));

    assertThat(subscriber.told).hasSize(32).endsWith("30:m30", "31:m31");
  }

  @Test
  void whatAnotherNodeWroteAtThoseOffsetsIsNotTakenForOnesOwn() {
    RecordingSubscriber subscriber = declaredWithOne();
    List<AtomicReference<Outcome<Published>>> answers = publishSilently(2, 4);
    StreamPosition head = subscriber.head();
    rig.store.streams().loseNewest(room, 2);
    for (long offset = 3; offset <= 20; offset++) {
      rig.store
          .streams()
          .appendByAnother(
              new Publication(
                  room,
                  head.withOffset(offset),
                  "other-" + offset,
                  "e",
                  "c",
                  "other".getBytes(StandardCharsets.UTF_8),
                  0));
    }

    rig.settle();

    assertThat(answers).noneMatch(answer -> answer.get() instanceof Outcome.Done);
    assertThat(sentence(answers.getFirst())).contains("unknown");
    assertThat(subscriber.told)
        .startsWith("subscribed 0", "1:m1", "gap 2-10", "11:other")
        .endsWith("20:other");
  }

  @Test
  void whenTheStoreLostWhatMembersSawANewEpochBeginsAndTheyAreTold() {
    RecordingSubscriber subscriber = declaredWithOne();
    rig.publishAndSettle(room, "m2");
    rig.publishAndSettle(room, "m3");
    StreamPosition seen = subscriber.head().withOffset(3);
    rig.store.streams().loseNewest(room, 1);

    assertThat(refusal(rig.publishAndSettle(room, "lost"))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    Outcome<Published> next = rig.publishAndSettle(room, "next");

    StreamPosition position = ((Outcome.Done<Published>) next).value().position();
    assertThat(position.epoch()).isNotEqualTo(seen.epoch());
    assertThat(position.offset()).isEqualTo(1);
    assertThat(subscriber.head()).isEqualTo(position.withOffset(0));
    assertThat(subscriber.told)
        .containsExactly("subscribed 0", "1:m1", "2:m2", "3:m3", "subscribed 0 false", "1:next");
    rig.restart();
    RecordingSubscriber again = rig.subscriber(0);
    rig.subscribe(again, room, new Start.Since(seen));
    assertThat(again.told).containsExactly("subscribed 1 false");
  }

  @Test
  void theKeyOfAMessageThatTheStoreLostIsNewAgainAndTheOthersAreRemembered() {
    declaredWithOne();
    AtomicReference<Outcome<Published>> kept = rig.publish(room, "kept", "one");
    rig.settle();
    AtomicReference<Outcome<Published>> lost = rig.publish(room, "lost", "two");
    rig.settle();
    rig.store.streams().loseNewest(room, 1);
    rig.publishAndSettle(room, "finds out");

    AtomicReference<Outcome<Published>> keptAgain = rig.publish(room, "kept", "one");
    AtomicReference<Outcome<Published>> lostAgain = rig.publish(room, "lost", "two");
    rig.settle();

    assertThat(keptAgain.get()).isEqualTo(kept.get());
    assertThat(lostAgain.get()).isInstanceOf(Outcome.Done.class).isNotEqualTo(lost.get());
  }

  @Test
  void aNewEpochThatTheStoreDidNotConfirmIsFoundLater() {
    RecordingSubscriber subscriber = declaredWithOne();
    rig.store.streams().loseNewest(room, 1);
    rig.publish(room, "lost");
    rig.runLoops();
    rig.store.step(); // the append does not fit
    rig.store.step();
    rig.runLoops();
    rig.store.step(); // the stream is read
    rig.store.step();
    rig.runLoops();
    rig.store.setSilent(true); // the new epoch begins, but nobody hears of it
    rig.settle();
    rig.store.setSilent(false);
    rig.advance(Duration.ofSeconds(2));

    assertThat(rig.publishAndSettle(room, "next")).isInstanceOf(Outcome.Done.class);
    assertThat(subscriber.told)
        .containsExactly("subscribed 0", "1:m1", "subscribed 0 false", "1:next");
  }

  @Test
  void whatTheStoreRefusesAtOnceIsRefusedAloneAndTheChannelGoesOn() {
    RecordingSubscriber subscriber = declaredWithOne();
    AtomicReference<Outcome<Published>> before = rig.publish(room, "m2");
    rig.runLoops();
    rig.store.setFull(true);
    AtomicReference<Outcome<Published>> first = rig.publish(room, "x");
    AtomicReference<Outcome<Published>> second = rig.publish(room, "y");
    rig.runLoops();
    assertThat(refusal(first)).isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(refusal(second)).isEqualTo(Refusal.STORE_UNAVAILABLE);
    rig.store.setFull(false);
    AtomicReference<Outcome<Published>> after = rig.publish(room, "m3");
    rig.settle();

    assertThat(before.get()).isInstanceOf(Outcome.Done.class);
    assertThat(after.get()).isInstanceOf(Outcome.Done.class);
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:m1", "2:m2", "3:m3");
  }

  /// Nobody waits for the reading, which may have to wait for the same lock.
  @Test
  void whatIsRolledBackIsAnsweredAtOnceAndItsOffsetGoesToTheNextOne() {
    RecordingSubscriber subscriber = declaredWithOne();
    rig.store.setRefusing(true);
    AtomicReference<Outcome<Published>> first = rig.publish(room, "x", "key");
    AtomicReference<Outcome<Published>> behind = rig.publish(room, "y");
    rig.runLoops();
    for (int step = 0; step < 4; step++) {
      rig.store.step(); // both are rolled back, and say so
    }
    rig.runLoops();

    assertThat(sentence(first)).isEqualTo("The message was not stored");
    assertThat(sentence(behind)).isEqualTo("The message was not stored");
    rig.settle();
    assertThat(refusal(rig.publishAndSettle(room, "z"))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    rig.store.setRefusing(false);
    rig.advance(Duration.ofSeconds(2));
    AtomicReference<Outcome<Published>> again = rig.publish(room, "other", "key");
    rig.settle();

    assertThat(again.get()).isInstanceOf(Outcome.Done.class);
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:m1", "2:other");
  }

  @Test
  void whatStandsBehindOneThatIsRolledBackIsStoredInItsPlace() {
    RecordingSubscriber subscriber = declaredWithOne();
    AtomicReference<Outcome<Published>> refused = rig.publish(room, "x");
    AtomicReference<Outcome<Published>> behind = rig.publish(room, "y");
    rig.runLoops();
    rig.store.setRefusing(true);
    rig.store.step();
    rig.store.setRefusing(false);
    rig.settle();

    assertThat(sentence(refused)).isEqualTo("The message was not stored");
    assertThat(behind.get()).isInstanceOf(Outcome.Done.class);
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:m1", "2:y");
  }

  /// Each thing that the store is asked may take its whole limit: the reading, then the append.
  @Test
  void aPublishIsAnsweredInTimeFromItsOwnCallWhateverItWaitsFor() {
    rig.declare(room);
    rig.restart(); // the channel is to be opened before anything else
    AtomicReference<Outcome<Published>> begun = rig.publish(room, "begun", "key");
    rig.runLoops();
    rig.store.step();
    rig.store.step(); // the channel is open
    rig.runLoops();
    rig.pass(Duration.ofSeconds(4));
    AtomicReference<Outcome<Published>> later = rig.publish(room, "later");
    rig.runLoops();
    assertThat(begun.get()).isNull();
    rig.pass(Duration.ofSeconds(1));
    assertThat(sentence(begun)).contains("unknown");
    assertThat(later.get()).isNull();

    rig.settle();
    assertThat(later.get()).isInstanceOf(Outcome.Done.class);
    AtomicReference<Outcome<Published>> again = rig.publish(room, "begun", "key");
    rig.settle();
    Outcome<Published> stored = Objects.requireNonNull(again.get());
    assertThat(((Outcome.Done<Published>) stored).value().position().offset()).isEqualTo(1);
  }

  @Test
  void aPublishThatWaitsForTheReadingIsRefusedInTimeAndNotCarriedOut() {
    RecordingSubscriber subscriber = declaredWithOne();
    AtomicReference<Outcome<Published>> lost = rig.publish(room, "lost");
    rig.runLoops();
    rig.store.setRefusing(true);
    rig.store.step();
    rig.store.step(); // rolled back: the channel is to be read again
    rig.store.setRefusing(false);
    rig.runLoops();
    AtomicReference<Outcome<Published>> waits = rig.publish(room, "waits");
    rig.runLoops();
    assertThat(waits.get()).isNull();
    rig.pass(Duration.ofSeconds(5));

    assertThat(sentence(lost)).isEqualTo("The message was not stored");
    assertThat(sentence(waits)).isEqualTo(Refusal.STORE_UNAVAILABLE.sentence());
    rig.settle();
    assertThat(rig.publishAndSettle(room, "next")).isInstanceOf(Outcome.Done.class);
    assertThat(subscriber.told).containsExactly("subscribed 0", "1:m1", "2:next");
  }

  @Test
  void publishesThatWaitForTheStoreAreBoundedInBytesAndOtherChannelsGoOn() {
    rig.declare(room);
    rig.restart(); // the channel is to be opened before anything else
    ChannelKey memory = EngineRig.key("a", "memory");
    List<AtomicReference<Outcome<Published>>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(rig.publish(room, "x".repeat(15_000)));
    }
    AtomicReference<Outcome<Published>> other = rig.publish(memory, "x".repeat(15_000));
    rig.runLoops();

    assertThat(answers.subList(0, 3)).allMatch(answer -> answer.get() == null);
    assertThat(refusal(answers.get(3))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(refusal(answers.get(4))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(other.get()).isInstanceOf(Outcome.Done.class);
    rig.settle();
    assertThat(answers.subList(0, 3)).allMatch(answer -> answer.get() instanceof Outcome.Done);
    for (int i = 0; i < 5; i++) {
      assertThat(rig.publishAndSettle(room, "x".repeat(15_000))).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void joinsThatGaveUpWhileTheyWaitedMakeRoomForOthers() {
    rig.declare(room);
    rig.restart();
    for (int i = 0; i < 2 * EngineRig.LIMITS.waiting().requests(); i++) {
      RecordingSubscriber goes = rig.subscriber(0);
      rig.inLoop(goes, subscriptions -> subscriptions.subscribe(room, Start.LIVE, null));
      rig.runLoops();
      rig.inLoop(goes, subscriptions -> subscriptions.close());
    }
    RecordingSubscriber stays = rig.subscriber(0);
    rig.subscribe(stays, room, Start.LIVE);

    assertThat(stays.told).containsExactly("subscribed 0");
  }

  @Test
  void aRememberedAnswerIsGivenThoughTheStoreIsAway() {
    rig.declare(room);
    AtomicReference<Outcome<Published>> first = rig.publish(room, "x", "key");
    rig.settle();
    rig.store.setAway(true);
    assertThat(refusal(rig.publishAndSettle(room, "lost"))).isEqualTo(Refusal.STORE_UNAVAILABLE);

    AtomicReference<Outcome<Published>> again = rig.publish(room, "x", "key");
    AtomicReference<Outcome<Published>> other = rig.publish(room, "y", "key");
    AtomicReference<Outcome<Published>> unheardOf = rig.publish(room, "z", "another");
    rig.settle();

    assertThat(again.get()).isEqualTo(first.get());
    assertThat(refusal(other)).isEqualTo(Refusal.CONFLICT);
    assertThat(refusal(unheardOf)).isEqualTo(Refusal.STORE_UNAVAILABLE);
  }

  @Test
  void aChannelThatTurnsOutToBeDeclaredIsKnownToBe() {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.store.streams().declare(EngineRig.declared(room), new StreamPosition("theirs", 7));

    AtomicReference<Outcome<Listed>> answer = rig.declare(room);

    assertThat(answer.get())
        .isEqualTo(Outcome.refused(Refusal.CONFLICT, "This channel is declared already"));
    assertThat(rig.engine.channels().declared(room)).isPresent();
    assertThat(subscriber.told).containsExactly("subscribed 0", "subscribed 7 false");
  }

  /// A declared channel with a member and one message.
  private RecordingSubscriber declaredWithOne() {
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.publishAndSettle(room, "m1");
    return subscriber;
  }

  /// All these take effect in the store, which fails to say so.
  private List<AtomicReference<Outcome<Published>>> publishSilently(int from, int to) {
    List<AtomicReference<Outcome<Published>>> answers =
        IntStream.rangeClosed(from, to).mapToObj(i -> rig.publish(room, "m" + i)).toList();
    rig.runLoops();
    rig.store.setSilent(true);
    while (rig.store.isBusy()) {
      rig.store.step();
    }
    rig.store.setSilent(false);
    return answers;
  }

  private static String sentence(AtomicReference<Outcome<Published>> answer) {
    return ((Outcome.Refused<Published>) Objects.requireNonNull(answer.get())).sentence();
  }

  private static Refusal refusal(AtomicReference<Outcome<Published>> answer) {
    return refusal(Objects.requireNonNull(answer.get(), "not answered"));
  }

  private static Refusal refusal(Outcome<Published> answer) {
    return ((Outcome.Refused<Published>) answer).refusal();
  }
}
