package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.shard.ShardLoop;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What fails on a shard fails those whom it concerns, and nobody loses a message without a word.
class ShardFailureTest {
  /// Stands for Netty's OutOfDirectMemoryError, which would end the test run if it got through.
  private static final Error NO_MEMORY = new Error("no direct memory left");

  private final EngineRig rig = new EngineRig(1);
  private final ChannelKey room = EngineRig.key("a", "room");
  private final ChannelKey hall = EngineRig.key("a", "hall");
  private final RecordingSubscriber failing = rig.subscriber(0);
  private final RecordingSubscriber other = rig.subscriber(0);

  @BeforeEach
  void bothAreInTheRoom() {
    rig.subscribe(failing, room, Start.LIVE);
    rig.subscribe(other, room, Start.LIVE);
  }

  @AfterEach
  void nothingLeaked() {
    assertThat(rig.allocator.leaked()).isZero();
  }

  @Test
  void anErrorAtOneSubscriberClosesItAndTheOthersGetTheirs() {
    failing.error = NO_MEMORY;
    rig.publishAndSettle(room, "a");
    rig.publishAndSettle(room, "b");
    assertThat(failing.told).containsExactly("subscribed 0", "failed");
    assertThat(other.told).containsExactly("subscribed 0", "1:a", "2:b");
    assertThat(rig.observer.faults).isEqualTo(1);
  }

  @Test
  void whoIsClosedForAnErrorResumesWithoutAGap() {
    rig.publishAndSettle(room, "a");
    failing.error = NO_MEMORY;
    rig.publishAndSettle(room, "b");
    RecordingSubscriber again = rig.subscriber(0);
    rig.subscribe(again, room, new Start.Since(failing.head().withOffset(1)));
    assertThat(again.told).containsExactly("subscribed 2 true", "2:b");
  }

  @Test
  void anErrorInOneChannelLeavesTheOthersOfTheTurnAlone() {
    RecordingSubscriber guest = rig.subscriber(0);
    rig.subscribe(guest, hall, Start.LIVE);
    failing.error = NO_MEMORY;
    rig.publish(room, "r1");
    rig.publish(hall, "h1");
    rig.settle();
    rig.publish(room, "r2");
    rig.publish(hall, "h2");
    rig.settle();
    assertThat(guest.told).containsExactly("subscribed 0", "1:h1", "2:h2");
    assertThat(other.told).containsExactly("subscribed 0", "1:r1", "2:r2");
  }

  @Test
  void aFanOutThatGetsNoMemoryClosesWhoWasDueItAndNobodyElse() {
    RecordingSubscriber guest = rig.subscriber(0);
    rig.subscribe(guest, hall, Start.LIVE);
    rig.allocator.error = NO_MEMORY;
    rig.publishAndSettle(room, "lost");
    rig.allocator.error = null;
    rig.publishAndSettle(room, "next");
    rig.publishAndSettle(hall, "h");
    assertThat(failing.told).containsExactly("subscribed 0", "failed");
    assertThat(other.told).containsExactly("subscribed 0", "failed");
    assertThat(guest.told).containsExactly("subscribed 0", "1:h");
  }

  @Test
  void behindAHoleNothingFollowsInTheSameTurn() {
    failing.error = NO_MEMORY;
    rig.publish(room, "a");
    RecordingSubscriber joins = rig.subscriber(0);
    // A join has what is due written in the middle of the turn.
    rig.inLoop(joins, subscriptions -> subscriptions.subscribe(room, Start.LIVE, null));
    rig.publish(room, "b");
    rig.settle();
    assertThat(failing.told).containsExactly("subscribed 0", "failed");
    assertThat(other.told).containsExactly("subscribed 0", "1:a", "2:b");
    assertThat(joins.told).containsExactly("subscribed 1", "2:b");
  }

  @Test
  void aReplayThatGetsNoMemoryClosesWhoAskedForItAndItsJoinIsLeft() {
    RecordingSubscriber resumes = rig.subscriber(0);
    resumes.error = NO_MEMORY;
    rig.subscribe(resumes, room, new Start.Rewind(1));
    assertThat(resumes.told).containsExactly("failed");
    Outcome<Published> answer = rig.publishAndSettle(room, "a");
    assertThat(answer)
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(((Published) done.value()).delivered()).isEqualTo(2));
    assertThat(resumes.told).containsExactly("failed");
  }

  @Test
  void aRightThatCannotBeToldClosesTheOneItConcerns() {
    failing.errorOfRights = NO_MEMORY;
    rig.engine.shards().revisit(room);
    rig.publishAndSettle(room, "a");
    assertThat(failing.told).containsExactly("subscribed 0", "failed");
    assertThat(other.told).containsExactly("subscribed 0", "1:a");
  }

  @Test
  void aHomeThatFailsAnswersAndTheShardGoesOn() {
    AtomicInteger calls = new AtomicInteger();
    RandomGenerator failing =
        () -> {
          if (calls.incrementAndGet() == 2) { // the first number is the shard's own
            throw NO_MEMORY;
          }
          return calls.get();
        };
    Engine engine = engine(rig.clock, failing);
    assertThat(publish(engine))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.SERVER_ERROR));
    assertThat(publish(engine)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aHomeThatFailsInTheMiddleOfWhatItReadReadsTheRestAgain() {
    ScriptedRelay relay = new ScriptedRelay();
    EngineRig follower = new EngineRig(1, relay);
    RecordingSubscriber member = follower.subscriber(0);
    AtomicInteger encoded = new AtomicInteger();
    member.wireFormat =
        new SimulatedWire(
            _ -> {
              if (encoded.incrementAndGet() == 2) {
                throw NO_MEMORY;
              }
            });
    follower.subscribe(member, room, Start.LIVE);
    relay.listener().confirmed(room);
    follower.settle();
    relay.answer("e", 0, 0);
    relay.listener().doubtful(room);
    follower.settle();
    relay.answer("e", 0, 3);
    follower.settle();
    assertThat(member.told).containsExactly("subscribed 0", "1:m1");

    follower.advance(Duration.ofSeconds(5));
    assertThat(relay.asked).endsWith("read behind 1");
    relay.answer("e", 1, 3);
    follower.settle();
    assertThat(member.told).containsExactly("subscribed 0", "1:m1", "2:m2", "3:m3");
  }

  @Test
  void aSweepThatFailsIsNotTheLast() {
    FailingClock clock = new FailingClock();
    Engine engine = engine(clock, new SplittableRandom(1));
    engine.start();
    publish(engine);
    clock.fails = true;
    rig.advance(Duration.ofSeconds(2));
    clock.fails = false;
    assertThat(engine.shards().get(0).load().homes()).isZero();
    rig.advance(Duration.ofSeconds(2));
    assertThat(engine.shards().get(0).load().homes()).isEqualTo(1);
  }

  private Engine engine(Clock clock, RandomGenerator random) {
    return new Engine(
        List.<ShardLoop>copyOf(rig.loops),
        EngineRig.LIMITS,
        new Engine.Stores(rig.store, new NoCatalog()),
        ChannelDirectory.of(List.of(), new PrivateNames(Duration.ofDays(1), System::nanoTime)),
        null,
        rig.rosters,
        new Engine.Sources(clock, random, rig.observer, rig.allocator));
  }

  private @Nullable Outcome<Published> publish(Engine engine) {
    AtomicReference<@Nullable Outcome<Published>> answer = new AtomicReference<>();
    byte[] data = "x".getBytes(StandardCharsets.UTF_8);
    var unused =
        engine
            .relay()
            .publish(new PublishRequest(hall, "e", "c", data, null))
            .thenAccept(answer::set);
    rig.settle();
    return answer.get();
  }

  private static final class FailingClock extends Clock {
    private boolean fails;

    @Override
    public Instant instant() {
      if (fails) {
        throw NO_MEMORY;
      }
      return Instant.EPOCH;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
