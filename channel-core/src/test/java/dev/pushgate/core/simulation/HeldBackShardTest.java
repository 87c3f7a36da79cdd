package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import org.junit.jupiter.api.Test;

/// A shard that has no room for a while, and what happens to its channels meanwhile.
class HeldBackShardTest {
  private static final String LARGE = "x".repeat(40_000);

  private final EngineRig rig = new EngineRig(2);
  private final ChannelKey room = EngineRig.key("a", "room");
  private final int home = room.homeOf(2);

  @Test
  void whatAShardIsBehindWithIsVoidInANewEpoch() {
    rig.declare(room);
    RecordingSubscriber subscriber = rig.subscriber(1 - home);
    rig.subscribe(subscriber, room, Start.LIVE);
    int published = 0;
    while (rig.observer.heldBack == 0) {
      rig.publish(room, LARGE);
      published++;
      settleHome();
    }
    rig.store.streams().loseNewest(room, 1);
    rig.publish(room, "finds out");
    settleHome();
    rig.settle();

    assertThat(rig.publishAndSettle(room, "next")).isInstanceOf(Outcome.Done.class);
    rig.observer.rethrow();
    assertThat(subscriber.told).hasSize(1 + (published - 1) + 2);
    assertThat(subscriber.told.getLast()).isEqualTo("1:next");
    assertThat(subscriber.told.get(published)).isEqualTo("subscribed 0 false");
  }

  /// The other shard is asleep meanwhile.
  private void settleHome() {
    while (rig.store.isBusy() || rig.loops.get(home).isBusy()) {
      if (rig.loops.get(home).isBusy()) {
        rig.loops.get(home).runOne();
      } else {
        rig.store.step();
      }
    }
  }
}
