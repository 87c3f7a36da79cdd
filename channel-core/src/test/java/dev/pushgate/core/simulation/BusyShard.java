package dev.pushgate.core.simulation;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import java.util.function.Consumer;

/// A member whose shard had no room for more publications than the recent log keeps.
final class BusyShard {
  static final int PUBLICATIONS = 5_000;

  final EngineRig rig = new EngineRig(2);
  final ChannelKey room = EngineRig.key("a", "room");
  final int shard = 1 - room.homeOf(2);
  final RecordingSubscriber member = rig.subscriber(shard);

  BusyShard() {
    this(_ -> {});
  }

  /// @param meanwhile what happens while the shard is behind
  BusyShard(Consumer<BusyShard> meanwhile) {
    rig.subscribe(member, room, Start.LIVE);
    for (int i = 0; i < PUBLICATIONS; i++) {
      rig.publish(room, "m" + i);
      runHome(); // or it would have no room for more publishes
    }
    meanwhile.accept(this);
    runHome();
    rig.settle();
  }

  /// Lets only the loop of the channel's home run.
  private void runHome() {
    SimulatedLoop home = rig.loops.get(1 - shard);
    while (home.isBusy()) {
      home.runOne();
    }
  }
}
