package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.StreamPosition;
import org.junit.jupiter.api.Test;

/// A home that follows a relay, when its channel is deleted: whether it hears of that or not.
class DeletedStreamTest extends FollowedScene {
  private void answer(String epoch, long keptAfter, long head, String life) {
    relay.answer(epoch, keptAfter, head, life);
    rig.settle();
  }

  @Test
  void aDeletedChannelLosesItsMembersAndWhoComesBehindReadsAnew() {
    join();
    ended();
    assertThat(member.told).containsExactly("removed");
    rig.subscribe(member, KEY, Start.LIVE);
    answer("new", 0, 0, "new");
    assertThat(member.told).containsExactly("removed", "subscribed 0");
  }

  @Test
  void aDeletionThatNobodyHeardOfIsFoundByReading() {
    join();
    confirm();
    RecordingSubscriber waiting = rig.subscriber(0);
    rig.subscribe(waiting, KEY, new Start.Since(new StreamPosition("e", 7)));
    answer("later", 0, 2, "new");
    assertThat(member.told).containsExactly("removed");
    answer("later", 2, 2, "new"); // for who asked during the reading
    assertThat(waiting.told).containsExactly("subscribed 2 false");

    confirm();
    answer("last", 0, 1, "new");
    assertThat(waiting.told)
        .as("lost data, in the same life")
        .endsWith("subscribed 0 false", "1:m1");
    assertThat(member.told).containsExactly("removed");
  }

  @Test
  void lostDataIsNoDeletionAlsoOfAChannelThatWasDeletedOnce() {
    rig.subscribe(member, KEY, Start.LIVE);
    confirm();
    answer("e", 0, 3, "e");
    confirm();
    answer("lost", 0, 1, "");
    assertThat(member.told).containsExactly("subscribed 3", "subscribed 0 false", "1:m1");
    confirm();
    answer("deleted", 0, 0, "deleted");
    assertThat(member.told).endsWith("removed");
  }
}
