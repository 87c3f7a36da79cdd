package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PositionsTest {
  private final EngineRig rig = new EngineRig(2);
  private final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  void nothingFailed() {
    rig.observer.rethrow();
  }

  private CompletableFuture<Optional<StreamPosition>> ask() {
    return rig.engine.positions().newest(room).toCompletableFuture();
  }

  private Optional<StreamPosition> newest() {
    CompletableFuture<Optional<StreamPosition>> answer = ask();
    rig.settle();
    return answer.join();
  }

  private StreamPosition publish() {
    return ((Outcome.Done<Published>) rig.publishAndSettle(room, "x")).value().position();
  }

  private int homes() {
    rig.advance(Duration.ofSeconds(1)); // the shards report once a second
    int[] homes = {0};
    rig.engine.shards().forEach((Shard shard) -> homes[0] += shard.load().homes());
    return homes[0];
  }

  @Test
  void aChannelThatNobodyUsesHasNoneAndGetsNoHomeByBeingAskedFor() {
    assertThat(newest()).isEmpty();
    assertThat(homes()).isZero();
  }

  @Test
  void theNewestPositionIsThatOfTheLastPublication() {
    publish();
    StreamPosition last = publish();
    assertThat(newest()).contains(last);
  }

  @Test
  void aChannelWithASubscriberAndNoMessageStandsAtItsBeginning() {
    rig.subscribe(rig.subscriber(0), room, Start.LIVE);
    assertThat(newest()).map(StreamPosition::offset).contains(0L);
  }

  @Test
  void aDeclaredChannelIsReadFromTheStoreFirst() {
    rig.declare(room);
    StreamPosition last = publish();
    rig.restart();
    assertThat(newest()).contains(last);
  }

  @Test
  void aDeclaredChannelThatCannotBeReadIsNotGuessed() {
    rig.declare(room);
    StreamPosition last = publish();
    rig.restart();
    rig.store.setAway(true);
    CompletableFuture<Optional<StreamPosition>> answer = ask();
    rig.settle();
    assertThat(answer)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(StoreUnavailableException.class);
    rig.store.setAway(false);
    rig.advance(Duration.ofSeconds(2));
    assertThat(newest()).contains(last);
    rig.store.setAway(true);
    assertThat(newest()).as("what memory knows needs no store").contains(last);
  }
}
