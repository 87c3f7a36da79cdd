package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import org.junit.jupiter.api.Test;

/// What becomes of presence by what the relay says of a stream.
class FollowedPresenceTest {
  private static final ChannelKey KEY = EngineRig.key("a", "c");
  private static final int MEMBERS = 20;

  private final ScriptedRelay relay = new ScriptedRelay();
  private final EngineRig rig = new EngineRig(1, relay);

  private void enterAll() {
    for (int i = 0; i < MEMBERS; i++) {
      Present present = new Present(new MemberId.User("u" + i), null);
      RecordingSubscriber member = rig.subscriber(0);
      rig.subscribe(member, KEY, Start.LIVE);
      if (i == 0) {
        relay.listener().confirmed(KEY);
        answer();
      }
      rig.inLoop(member, subscriptions -> subscriptions.enter(KEY, present));
      rig.advance(PresenceScene.GATHER);
    }
    rig.rosters.asked = 0;
    rig.rosters.reads = 0;
  }

  private void answer() {
    rig.settle();
    relay.answer("e", 0, 3);
    rig.settle();
  }

  @Test
  void aDoubtfulStreamHasTheRosterRead() {
    enterAll();
    relay.listener().doubtful(KEY);
    answer();
    assertThat(rig.rosters.reads).isEqualTo(1);
    assertThat(rig.rosters.asked).as("nothing else").isEqualTo(1);
  }

  @Test
  void whatTheStreamMissedHasNothingToDoWithTheRoster() {
    enterAll();
    relay.listener().missed(KEY);
    answer(); // it was read
    assertThat(rig.rosters.asked).isZero();
  }

  @Test
  void aConfirmedStreamHasAllMembersEnterAgain() {
    enterAll();
    relay.listener().confirmed(KEY);
    answer();
    assertThat(rig.rosters.reads).isEqualTo(1);
    assertThat(rig.rosters.asked).isEqualTo(MEMBERS + 1);
  }
}
