package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A turn is bounded, whatever it is made of.
class TurnTest {
  private final ChannelKey room = EngineRig.key("a", "room");

  @Test
  void replaysCountTowardsTheBytesOfATurn() {
    HomeLimits usual = EngineRig.LIMITS;
    HomeLimits limits =
        new HomeLimits(
            usual.log(), usual.idempotency(), usual.waiting(), new HomeLimits.Turn(1_000, 1_000));
    EngineRig rig = new EngineRig(1, limits);
    for (int i = 0; i < 5; i++) {
      rig.publishAndSettle(room, "m" + i);
    }
    RecordingSubscriber first = rig.subscriber(0);
    RecordingSubscriber second = rig.subscriber(0);
    for (RecordingSubscriber subscriber : List.of(first, second)) {
      rig.inLoop(subscriber, all -> all.subscribe(room, new Start.Rewind(5), null));
    }
    rig.loops.getFirst().runOne();
    assertThat(first.told).hasSize(6);
    assertThat(second.told).isEmpty();
    rig.settle();
    assertThat(second.told).isEqualTo(first.told);
  }

  @Test
  void whatTurnsOutToBeStoredAfterADoubtIsHandedOutInSeveralTurns() {
    HomeLimits usual = EngineRig.LIMITS;
    HomeLimits limits =
        new HomeLimits(
            usual.log(), usual.idempotency(), usual.waiting(), new HomeLimits.Turn(1_000, 1_000));
    EngineRig rig = new EngineRig(1, limits);
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    rig.publishAndSettle(room, "m1");
    IntStream.rangeClosed(2, 31).forEach(i -> rig.publish(room, "m" + i));
    rig.runLoops();
    rig.store.setSilent(true);
    while (rig.store.isBusy()) {
      rig.store.step();
    }
    rig.store.setSilent(false);
    subscriber.writes = 0;
    rig.settle();
    assertThat(subscriber.told).hasSize(32).endsWith("30:m30", "31:m31");
    assertThat(subscriber.writes).isGreaterThan(3);
  }

  @Test
  void joinsThatWaitForABusyShardAreBounded() {
    List<RecordingSubscriber> joining = new ArrayList<>();
    new BusyShard(
        busy -> {
          for (int i = 0; i <= EngineRig.LIMITS.waiting().requests(); i++) {
            RecordingSubscriber subscriber = busy.rig.subscriber(busy.shard);
            joining.add(subscriber);
            busy.rig.inLoop(subscriber, all -> all.subscribe(busy.room, Start.LIVE, null));
          }
        });
    assertThat(joining.removeLast().told).containsExactly("refused SERVER_ERROR");
    assertThat(joining.stream().map(subscriber -> subscriber.told))
        .allMatch(told -> told.equals(List.of("subscribed " + BusyShard.PUBLICATIONS)));
  }
}
