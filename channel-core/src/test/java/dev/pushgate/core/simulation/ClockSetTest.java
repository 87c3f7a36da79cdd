package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody does who sets the clock of the machine: nothing to what lasts for a time.
class ClockSetTest {
  private static final long FOUR_DAYS_MS = 4L * 24 * 60 * 60 * 1_000;
  private static final Duration LASTING = EngineRig.LIMITS.log().age();
  private static final Duration SWEPT = Duration.ofSeconds(2);

  private final EngineRig rig = new EngineRig(2);
  private final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  void nothingFailed() {
    rig.observer.rethrow();
  }

  @ParameterizedTest
  @ValueSource(longs = {-FOUR_DAYS_MS, FOUR_DAYS_MS})
  void aKeysAnswerIsRememberedForItsTimeHoweverTheClockIsSet(long aheadMs) {
    Outcome<Published> first = publish();
    rig.clock.set(aheadMs);
    rig.advance(LASTING.minus(SWEPT));
    assertThat(publish()).isEqualTo(first);
    rig.advance(SWEPT.multipliedBy(2));
    assertThat(publish()).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(longs = {-FOUR_DAYS_MS, FOUR_DAYS_MS})
  void aRecentLogLastsItsTimeHoweverTheClockIsSet(long aheadMs) {
    StreamPosition before = start();
    publish();
    rig.clock.set(aheadMs);
    rig.advance(LASTING.minus(SWEPT));
    assertThat(resume(before)).containsExactly("subscribed 1 true", "1:x");
    rig.advance(SWEPT.multipliedBy(2));
    assertThat(resume(before)).containsExactly("subscribed 1 false");
  }

  @ParameterizedTest
  @ValueSource(longs = {-FOUR_DAYS_MS, FOUR_DAYS_MS})
  void whatTheStoreRemembersIsRememberedForItsTimeHoweverTheClockIsSet(long aheadMs) {
    rig.declare(room);
    Outcome<Published> first = publish();
    rig.clock.set(aheadMs);
    rig.restart();
    start();
    assertThat(publish()).isEqualTo(first);
    rig.advance(LASTING.plus(SWEPT));
    assertThat(publish()).isNotEqualTo(first);
  }

  private Outcome<Published> publish() {
    AtomicReference<Outcome<Published>> answer = rig.publish(room, "x", "key");
    rig.settle();
    return Objects.requireNonNull(answer.get());
  }

  /// A member that stays, so that the channel does.
  private StreamPosition start() {
    RecordingSubscriber member = rig.subscriber(0);
    rig.subscribe(member, room, Start.LIVE);
    return member.head();
  }

  private List<String> resume(StreamPosition since) {
    RecordingSubscriber subscriber = rig.subscriber(1);
    rig.subscribe(subscriber, room, new Start.Since(since));
    return subscriber.told;
  }
}
