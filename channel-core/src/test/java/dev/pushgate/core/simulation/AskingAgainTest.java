package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import org.junit.jupiter.api.Test;

/// A member that subscribes once more gets no second replay: so it has to be told the truth.
class AskingAgainTest {
  private final EngineRig rig = new EngineRig(1);
  private final ChannelKey room = EngineRig.key("a", "room");

  @Test
  void aMemberThatAsksAgainIsToldWhetherThisConnectionWasGivenAllOfIt() {
    for (int i = 1; i <= 3; i++) {
      rig.publishAndSettle(room, "m" + i);
    }
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, Start.LIVE);
    StreamPosition joined = subscriber.head();
    rig.publishAndSettle(room, "m4");
    subscriber.told.clear();
    rig.subscribe(subscriber, room, new Start.Since(joined.withOffset(1)));
    rig.subscribe(subscriber, room, new Start.Since(joined));
    rig.subscribe(subscriber, room, new Start.Since(joined.withOffset(4)));
    rig.subscribe(subscriber, room, new Start.Since(joined.withOffset(5)));
    rig.subscribe(subscriber, room, new Start.Since(new StreamPosition("other", 3)));
    rig.subscribe(subscriber, room, Start.LIVE);
    assertThat(subscriber.told)
        .containsExactly(
            "subscribed 4 false",
            "subscribed 4 true",
            "subscribed 4 true",
            "subscribed 4 false",
            "subscribed 4 false",
            "subscribed 4");
  }

  @Test
  void aReplayCountsAsGivenWhenItsMemberAsksAgain() {
    for (int i = 1; i <= 3; i++) {
      rig.publishAndSettle(room, "m" + i);
    }
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, room, new Start.Rewind(2));
    StreamPosition head = subscriber.head();
    rig.subscribe(subscriber, room, new Start.Since(head.withOffset(1)));
    rig.subscribe(subscriber, room, new Start.Since(head.withOffset(0)));
    assertThat(subscriber.told)
        .containsExactly("subscribed 3", "2:m2", "3:m3", "subscribed 3 true", "subscribed 3 false");
  }

  @Test
  void whoAsksAgainBeforeTheAnswerIsToldByTheSameRule() {
    rig.publishAndSettle(room, "m1");
    rig.publishAndSettle(room, "m2");
    RecordingSubscriber first = rig.subscriber(0);
    rig.subscribe(first, room, Start.LIVE);
    StreamPosition head = first.head();
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.inLoop(
        subscriber,
        subscriptions -> {
          subscriptions.subscribe(room, Start.LIVE, "1");
          subscriptions.subscribe(room, new Start.Since(head.withOffset(1)), "2");
          subscriptions.subscribe(room, new Start.Since(head), "3");
        });
    rig.settle();
    assertThat(subscriber.told)
        .containsExactly("subscribed 2", "subscribed 2 false", "subscribed 2 true");
  }

  @Test
  void whoAsksAgainAndAgainBeforeTheAnswerIsRefusedTheRestOfIt() {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.inLoop(
        subscriber,
        subscriptions -> {
          for (int i = 0; i < 17; i++) {
            subscriptions.subscribe(room, Start.LIVE, "r");
          }
        });
    rig.settle();
    assertThat(subscriber.told)
        .hasSize(17)
        .startsWith("refused RATE_LIMITED")
        .endsWith("subscribed 0");
  }

  @Test
  void whatLiesBeforeAToldGapWasNotGivenToItsMember() {
    BusyShard busy = new BusyShard();
    String gap = busy.member.told.stream().filter(line -> line.startsWith("gap")).findFirst().get();
    long end = Long.parseLong(gap.substring(gap.indexOf('-') + 1));
    StreamPosition joined = busy.member.head();
    busy.member.told.clear();
    busy.rig.subscribe(busy.member, busy.room, new Start.Since(joined));
    busy.rig.subscribe(busy.member, busy.room, new Start.Since(joined.withOffset(end)));
    assertThat(busy.member.told)
        .containsExactly(
            "subscribed " + BusyShard.PUBLICATIONS + " false",
            "subscribed " + BusyShard.PUBLICATIONS + " true");
  }
}
