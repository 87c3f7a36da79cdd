package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.shard.SessionSubscriptions.Attending;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/// A room, and what subscribers do there that are present or want to be.
abstract class PresenceScene {
  static final Duration GATHER = Duration.ofMillis(200);
  static final Duration SECOND = Duration.ofSeconds(1);

  final EngineRig rig = new EngineRig(2);
  final ChannelKey room = EngineRig.key("a", "room");

  @AfterEach
  final void nothingLeakedAndNothingFailed() {
    rig.observer.rethrow();
    assertThat(rig.allocator.leaked()).isZero();
  }

  RecordingSubscriber member(int shard) {
    RecordingSubscriber subscriber = rig.subscriber(shard);
    rig.subscribe(subscriber, room, Start.LIVE);
    subscriber.told.clear();
    return subscriber;
  }

  @Nullable Attending enter(RecordingSubscriber subscriber, String user, @Nullable String info) {
    AtomicReference<Attending> attending = new AtomicReference<>();
    rig.inLoop(
        subscriber,
        subscriptions ->
            attending.set(subscriptions.enter(room, new Present(new MemberId.User(user), info))));
    rig.settle();
    return attending.get();
  }

  RecordingSubscriber present(int shard, String user) {
    RecordingSubscriber subscriber = member(shard);
    enter(subscriber, user, null);
    rig.advance(GATHER);
    return subscriber;
  }

  void close(RecordingSubscriber subscriber) {
    rig.inLoop(subscriber, subscriptions -> subscriptions.close());
    rig.settle();
  }

  void update(RecordingSubscriber subscriber, String info) {
    rig.inLoop(subscriber, subscriptions -> subscriptions.update(room, info, "r"));
    rig.settle();
  }

  static MemberId user(String id) {
    return new MemberId.User(id);
  }
}
