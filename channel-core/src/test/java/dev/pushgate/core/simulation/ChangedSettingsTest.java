package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.SessionSubscriptions;
import dev.pushgate.core.simulation.SettingsCatalog.Mood;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangedSettingsTest {
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final SettingsCatalog catalog = new SettingsCatalog();
  private final EngineRig rig = new EngineRig(2, catalog);
  private final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  void nothingFailed() {
    rig.observer.rethrow();
  }

  @Test
  void whatWasAnsweredHoldsAlsoWhenTheClockWasSetBack() {
    declare("id");
    assertThat(change(5_000, false)).isCompleted();
    assertThat(change(3_000, true).join()).isInstanceOf(Outcome.Done.class);
    assertThat(isPrivate()).isTrue();
    assertThat(declared().updatedAtMs()).isEqualTo(5_001);
  }

  @Test
  void aChangeWhoseAnswerWasLostIsReadAgainUntilTheStoreAnswers() {
    declare("id");
    RecordingSubscriber member = rig.subscriber(0);
    rig.subscribe(member, room, Start.LIVE);
    member.mayStay = false;
    catalog.mood = Mood.LOSES_ANSWERS;
    assertThat(change(1, true).join()).isEqualTo(unavailable());
    catalog.mood = Mood.IS_AWAY;
    rig.advance(A_WHILE);
    rig.advance(A_WHILE);
    assertThat(isPrivate()).as("nobody knows yet").isFalse();
    catalog.mood = Mood.ANSWERS;
    rig.advance(A_WHILE);
    assertThat(isPrivate()).isTrue();
    assertThat(member.told).containsExactly("subscribed 0", "removed FORBIDDEN");
  }

  @Test
  void doubtsAboutOneChannelAreSettledTogetherAndNoMoreIsAskedAfterwards() {
    declare("id");
    catalog.mood = Mood.LOSES_ANSWERS;
    for (int i = 0; i < 10; i++) {
      assertThat(change(i, true)).isCompleted();
    }
    assertThat(catalog.asked).isEqualTo(10);
    catalog.mood = Mood.ANSWERS;
    rig.advance(A_WHILE);
    rig.advance(A_WHILE);
    assertThat(catalog.asked).isEqualTo(11);
    assertThat(isPrivate()).isTrue();
  }

  @Test
  void aChangeThatWasNotBegunLeavesNothingToRead() {
    declare("id");
    catalog.mood = Mood.IS_AWAY;
    assertThat(change(1, true).join()).isEqualTo(unavailable());
    rig.advance(A_WHILE);
    assertThat(catalog.asked).isEqualTo(1);
  }

  @Test
  void aLateAnswerAboutADeletedChannelSaysNothingAboutTheOneDeclaredAfterIt() {
    declare("first");
    CompletableFuture<Void> late = new CompletableFuture<>();
    catalog.answersAfter = late;
    assertThat(change(9_000, true)).isNotCompleted();
    var unused = rig.engine.channels().delete(room);
    rig.settle();
    declare("second");
    late.complete(null);
    assertThat(declared().id()).isEqualTo("second");
    assertThat(isPrivate()).isFalse();
  }

  @Test
  void aChangeThatOvertakesTheNewsOfTheDeclarationIsNotForgotten() {
    catalog.rows.put(room, channel("id"));
    assertThat(change(1, true)).isCompleted();
    var unused = rig.engine.channels().declare(channel("id"));
    rig.settle();
    assertThat(isPrivate()).isFalse();
    rig.advance(A_WHILE);
    assertThat(isPrivate()).isTrue();
  }

  @Test
  void aSessionThatMayDoLessThanBeforeIsTakenOutAndGetsNothingMore() {
    RecordingSubscriber member = rig.subscriber(0);
    RecordingSubscriber other = rig.subscriber(0);
    rig.subscribe(member, room, Start.LIVE);
    rig.subscribe(other, room, Start.LIVE);
    rig.inLoop(member, SessionSubscriptions::revisit);
    assertThat(rig.publishAndSettle(room, "due")).isInstanceOf(Outcome.Done.class);
    member.mayStay = false;
    rig.inLoop(member, SessionSubscriptions::revisit);
    rig.settle();
    assertThat(rig.publishAndSettle(room, "late")).isInstanceOf(Outcome.Done.class);
    assertThat(member.told).containsExactly("subscribed 0", "1:due", "removed FORBIDDEN");
    assertThat(other.told).containsExactly("subscribed 0", "1:due", "2:late");
  }

  private static Outcome<Listed> unavailable() {
    return new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE);
  }

  private DeclaredChannel channel(String id) {
    return new DeclaredChannel(id, room, "title", null, false, null, 0, 0);
  }

  private void declare(String id) {
    catalog.rows.put(room, channel(id));
    var unused = rig.engine.channels().declare(channel(id));
    rig.settle();
  }

  private CompletableFuture<Outcome<Listed>> change(long nowMs, boolean isPrivate) {
    return rig.engine
        .channels()
        .update(
            room,
            was ->
                new DeclaredChannel(
                    was.id(), room, was.title(), null, isPrivate, null, was.createdAtMs(), nowMs))
        .toCompletableFuture();
  }

  private boolean isPrivate() {
    return declared().isPrivate();
  }

  private DeclaredChannel declared() {
    return rig.engine.channels().declared(room).orElseThrow();
  }
}
