package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.shard.SessionSubscriptions;
import org.junit.jupiter.api.Test;

/// A node knows how many subscribers its channels have.
final class OccupancyTest {
  private static final ChannelKey KEY = EngineRig.key("a", "room");
  private static final ChannelKey OTHER = EngineRig.key("a", "lobby");

  private final EngineRig rig = new EngineRig(3);

  @Test
  void subscribersOfAllShardsAreCountedUntilTheyLeave() {
    RecordingSubscriber first = rig.subscriber(0);
    RecordingSubscriber second = rig.subscriber(1);
    rig.subscribe(first, KEY, Start.LIVE);
    rig.subscribe(second, KEY, Start.LIVE);
    rig.subscribe(second, OTHER, Start.LIVE);

    assertThat(rig.engine.occupancy().onNode(KEY)).isEqualTo(2);
    assertThat(rig.engine.occupancy().occupied(KEY.app(), "", 10))
        .containsOnlyKeys("lobby", "room");

    rig.inLoop(first, subscriptions -> subscriptions.unsubscribe(KEY));
    rig.inLoop(second, SessionSubscriptions::close);
    rig.settle();

    assertThat(rig.engine.occupancy().onNode(KEY)).isZero();
    assertThat(rig.engine.occupancy().occupied(KEY.app(), "", 10)).isEmpty();
  }

  @Test
  void aDeletedChannelHasNoSubscribers() {
    RecordingSubscriber subscriber = rig.subscriber(2);
    rig.declare(KEY);
    rig.subscribe(subscriber, KEY, Start.LIVE);
    assertThat(rig.engine.occupancy().onNode(KEY)).isEqualTo(1);

    rig.engine.channels().delete(KEY);
    rig.settle();

    assertThat(rig.engine.occupancy().onNode(KEY)).isZero();
  }
}
