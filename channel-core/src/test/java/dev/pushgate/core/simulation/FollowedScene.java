package dev.pushgate.core.simulation;

import static dev.pushgate.core.simulation.ScriptedRelay.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import org.junit.jupiter.api.AfterEach;

/// A home that follows a scripted relay, and one who joins there.
abstract class FollowedScene {
  static final ChannelKey KEY = EngineRig.key("a", "c");

  final ScriptedRelay relay = new ScriptedRelay();
  final EngineRig rig = new EngineRig(1, relay);
  final RecordingSubscriber member = rig.subscriber(0);

  @AfterEach
  final void nothingLeakedAndNothingFailed() {
    rig.observer.rethrow();
    assertThat(rig.allocator.leaked()).isZero();
  }

  /// A member of a stream of three publications.
  void join() {
    rig.subscribe(member, KEY, Start.LIVE);
    confirm();
    answer("e", 0, 3);
    assertThat(member.told).containsExactly("subscribed 3");
    member.told.clear();
    relay.asked.clear();
  }

  void confirm() {
    relay.listener().confirmed(KEY);
    rig.settle();
  }

  void ended() {
    relay.listener().ended(KEY);
    rig.settle();
  }

  void answer(String epoch, long keptAfter, long head) {
    relay.answer(epoch, keptAfter, head);
    rig.settle();
  }

  void failReading() {
    relay.failReading();
    rig.settle();
  }

  void arrives(long offset) {
    relay.arrives(publication(KEY, "e", offset));
    rig.settle();
  }
}
