package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.shard.SessionSubscriptions;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Channels, their subscribers and who is present have the memory that there is for them.
class ChannelMemoryTest {
  private static final long ROOM = 100_000;
  private static final String REFUSED = "refused QUOTA_EXCEEDED";

  private final MemoryBudget memory = Budgets.with(MemoryKind.CHANNELS, ROOM);
  private final EngineRig rig = new EngineRig(2, memory);
  private final RecordingSubscriber greedy = rig.subscriber(0);

  @Test
  void beyondItsMemorySubscribesAreRefusedAndWhoIsInStays() {
    int subscribed = subscribeUntilRefused(greedy);
    assertThat(subscribed).isGreaterThan(20);
    assertThat(used()).isLessThanOrEqualTo(ROOM);

    rig.publishAndSettle(channel(0), "m");
    assertThat(greedy.told).contains("1:m");
    assertThat(memory.share(MemoryKind.CHANNELS).refusals()).isPositive();
  }

  @Test
  void whatIsGivenBackCanBeHadByOthers() {
    int subscribed = subscribeUntilRefused(greedy);
    rig.inLoop(greedy, SessionSubscriptions::close);
    rig.settle();
    RecordingSubscriber other = rig.subscriber(1);

    assertThat(subscribeUntilRefused(other)).isEqualTo(subscribed);
    rig.inLoop(other, SessionSubscriptions::close);
    rig.settle();
    rig.advance(EngineRig.LIMITS.log().idle().plusSeconds(1));
    rig.advance(Duration.ofSeconds(1));
    Budgets.checkNothingIsHeld(memory);
  }

  @Test
  void channelsThatNobodyUsesAreForgottenBeforeAnybodyIsRefused() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(rig.publishAndSettle(channel(10_000 + i), "m")).isInstanceOf(Outcome.Done.class);
      assertThat(used()).isLessThanOrEqualTo(ROOM);
    }
    assertThat(subscribeUntilRefused(greedy)).isGreaterThan(20);
    rig.advance(Duration.ofSeconds(1));
    assertThat(used()).isLessThanOrEqualTo(ROOM);
  }

  @Test
  void aPublishToAChannelNotInUseIsRefusedWhenAllRoomIsInUse() {
    subscribeUntilRefused(greedy);
    RecordingSubscriber one = rig.subscriber(1);
    int more = 0;
    while (ROOM - used() > 1_000) { // what is left is no room for a home
      rig.subscribe(one, channel(more++), Start.LIVE); // of channels that are there already
    }
    assertThat(rig.publishAndSettle(channel(20_000), "m"))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.QUOTA_EXCEEDED));
    assertThat(rig.publishAndSettle(channel(0), "m")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void oneClientDoesNotTakeAllOfIt() {
    MemoryBudget shared =
        Budgets.with(Map.of(MemoryKind.CHANNELS, ROOM), new MemoryParts(100, 50, 100));
    EngineRig parts = new EngineRig(1, shared);
    RecordingSubscriber taker = parts.subscriber(0);
    for (int i = 0; i < 200; i++) {
      parts.subscribe(taker, channel(i), Start.LIVE);
    }
    RecordingSubscriber other = parts.subscriber(0);
    other.client = "another";
    parts.subscribe(other, channel(1_000), Start.LIVE);

    assertThat(taker.told).contains(REFUSED);
    assertThat(other.told).containsExactly("subscribed 0");
  }

  @Test
  void declaringIsRefusedWhenHalfOfTheMemoryIsForDeclaredChannels() {
    int declared = 0;
    AtomicReference<Outcome<Listed>> answer;
    do {
      answer = rig.declare(channel(declared++));
    } while (answer.get() instanceof Outcome.Done && declared < 1_000);
    assertThat(answer.get())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.QUOTA_EXCEEDED));
    assertThat(declared).isBetween(50, 200);

    rig.engine.channels().delete(channel(0));
    rig.settle();
    assertThat(rig.declare(channel(declared)).get()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aDeclaredChannelIsHeldWithoutItsTexts() {
    rig.declare(channel(1));
    assertThat(rig.engine.channels().declared(channel(1)).orElseThrow().title()).isEmpty();
  }

  @Test
  void aPublishIsRefusedBeforeItIsPostedWhenTooMuchWaitsForTheLoop() {
    ChannelKey key = channel(1);
    AtomicReference<Outcome<Published>> first = rig.publish(key, "m");
    AtomicReference<Outcome<Published>> last = first;
    int posted = 0;
    while (last.get() == null && posted < 100_000) {
      last = rig.publish(key, "m");
      posted++;
    }
    assertThat(posted * 500L).isLessThan(3 * EngineRig.LIMITS.waiting().mailboxBytes());
    assertThat(last.get())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.SERVER_ERROR));
    rig.settle();
    assertThat(first.get()).isInstanceOf(Outcome.Done.class);
    assertThat(rig.publishAndSettle(key, "m")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void beyondItsMemoryNobodyMoreIsPresentAndAllIsGivenBack() {
    MemoryBudget small = Budgets.with(MemoryKind.PRESENCE, 20_000);
    EngineRig present = new EngineRig(1, small);
    RecordingSubscriber subscriber = present.subscriber(0);
    for (int i = 0; i < 20; i++) {
      ChannelKey key = channel(i);
      present.subscribe(subscriber, key, Start.LIVE);
      present.inLoop(subscriber, all -> all.enter(key, new Present(new MemberId.User("u"), "{}")));
      present.settle();
    }
    assertThat(small.share(MemoryKind.PRESENCE).usedBytes()).isBetween(10_000L, 20_000L);
    assertThat(subscriber.told.stream().filter(told -> told.startsWith("presence refused")))
        .hasSizeBetween(10, 18);

    present.inLoop(subscriber, SessionSubscriptions::close);
    present.settle();
    present.advance(Duration.ofMinutes(2));
    assertThat(small.share(MemoryKind.PRESENCE).usedBytes()).isZero();
  }

  @Test
  void whoLeavesCountsUntilItsGraceTimeIsOver() {
    MemoryBudget small = Budgets.with(MemoryKind.PRESENCE, 50_000);
    EngineRig present = new EngineRig(2, small);
    RecordingSubscriber restless = present.subscriber(0);
    int rounds = 0;
    while (restless.told.stream().noneMatch(told -> told.startsWith("presence refused"))) {
      assertThat(rounds).isLessThan(50);
      ChannelKey key = channel(rounds++);
      present.subscribe(restless, key, Start.LIVE);
      present.inLoop(restless, all -> all.enter(key, new Present(new MemberId.User("u"), "{}")));
      present.settle();
      present.inLoop(restless, all -> all.unsubscribe(key));
      present.settle();
    }
    assertThat(rounds).isGreaterThan(5);

    present.advance(BreakableRosters.GRACE.plusSeconds(1));
    present.advance(Duration.ofSeconds(1));
    assertThat(small.share(MemoryKind.PRESENCE).usedBytes()).isZero();
  }

  private int subscribeUntilRefused(RecordingSubscriber subscriber) {
    int count = 0;
    while (!subscriber.told.contains(REFUSED)) {
      rig.subscribe(subscriber, channel(count++), Start.LIVE);
    }
    subscriber.told.clear();
    return count - 1;
  }

  private long used() {
    return memory.share(MemoryKind.CHANNELS).usedBytes();
  }

  private static ChannelKey channel(int number) {
    return EngineRig.key("a", "c-" + number);
  }
}
