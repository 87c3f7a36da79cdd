package dev.pushgate.core.simulation;

import static dev.pushgate.core.simulation.ChannelNodes.done;
import static dev.pushgate.core.simulation.ChannelNodes.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.simulation.SharedChannelRows.Mood;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Channels of a cluster are deleted, or perhaps not: their streams end once.
class ClusterDeletionTest {
  private final ChannelNodes nodes = new ChannelNodes();

  @AfterEach
  void nothingFailed() {
    nodes.observer.rethrow();
  }

  @Test
  void aChannelDeletedOnOneNodeIsGoneOnAllAndItsStreamEndsOnce() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    assertThat(done(nodes.two.delete(nodes.room))).isEqualTo(Outcome.done(nodes.room));
    assertThat(nodes.two.declared(nodes.room)).isEmpty();
    nodes.advance();

    assertThat(nodes.one.declared(nodes.room)).isEmpty();
    assertThat(nodes.ended).containsExactly(nodes.room);
    assertThat(refusal(nodes.one.delete(nodes.room))).isEqualTo(Refusal.CHANNEL_NOT_FOUND);
    assertThat(refusal(nodes.one.update(nodes.room, was -> was)))
        .isEqualTo(Refusal.CHANNEL_NOT_FOUND);
  }

  @Test
  void aDeletedPrivateChannelsNameStaysPrivateOnAllNodesUntilItIsDeclaredAgain() {
    done(nodes.one.declare(nodes.channel("id", true, 0)));
    nodes.advance();
    done(nodes.two.delete(nodes.room));
    assertThat(nodes.two.isPrivate(nodes.room)).as("at once").isTrue();
    nodes.advance();
    assertThat(nodes.one.isPrivate(nodes.room)).isTrue();

    done(nodes.one.declare(nodes.channel("again", false, 1)));
    assertThat(nodes.one.isPrivate(nodes.room)).isFalse();
    nodes.advance();
    assertThat(nodes.two.isPrivate(nodes.room)).isFalse();
  }

  @Test
  void aNodeThatNeverKnewThatAChannelWasPrivateReadsIt() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    nodes.store.rows.remove(nodes.room); // made private and deleted, faster than told
    nodes.store.privateNames.put(nodes.room, Duration.ZERO);
    nodes.one.changed(nodes.room);
    nodes.advance();
    assertThat(nodes.one.isPrivate(nodes.room)).isTrue();
    done(nodes.two.readAll());
    nodes.advance();
    assertThat(nodes.two.isPrivate(nodes.room)).isTrue();
  }

  @Test
  void nothingIsDeletedWhileTheRelayCannotTellTheMembers() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.isReachable = false;

    assertThat(refusal(nodes.one.delete(nodes.room))).isEqualTo(Refusal.RELAY_UNAVAILABLE);
    assertThat(nodes.store.rows).containsKey(nodes.room);
    assertThat(nodes.one.declared(nodes.room)).isPresent();
  }

  @Test
  void aDeletionWhoseAnswerWasLostIsSettledOnAllNodesAndItsStreamEnds() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    nodes.store.mood = Mood.LOSES_ANSWERS;
    assertThat(refusal(nodes.one.delete(nodes.room))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    nodes.advance();
    assertThat(nodes.two.declared(nodes.room)).as("nobody knows yet").isPresent();
    nodes.store.mood = Mood.ANSWERS;
    nodes.advance();

    assertThat(nodes.one.declared(nodes.room)).isEmpty();
    assertThat(nodes.two.declared(nodes.room)).isEmpty();
    assertThat(nodes.ended).containsExactly(nodes.room);
  }

  @Test
  void aDeletionThatDidNotHappenIsForgottenWhenTheChannelIsFoundToBeThere() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    nodes.store.mood = Mood.LOSES_QUESTIONS;
    assertThat(refusal(nodes.one.delete(nodes.room))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    nodes.store.mood = Mood.ANSWERS;
    nodes.advance();
    assertThat(nodes.one.declared(nodes.room)).isPresent();
    done(nodes.two.delete(nodes.room));
    nodes.advance();

    assertThat(nodes.one.declared(nodes.room)).isEmpty();
    assertThat(nodes.ended).as("by the node that deleted it alone").containsExactly(nodes.room);
  }

  @Test
  void aDeletionThatIsFoundBeforeItsAnswerCameEndsTheStreamOnce() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    nodes.store.rows.remove(nodes.room);
    nodes.one.changed(nodes.room);
    nodes.store.rows.put(nodes.room, nodes.channel("id", false, 0));
    done(nodes.one.delete(nodes.room)); // the reading under way will find that it is gone
    nodes.advance();

    assertThat(nodes.ended).containsExactly(nodes.room);
  }

  @Test
  void aNodeThatLearnsOfADeletionLooksAfterTheStreamAWhileLater() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    nodes.store.rows.remove(nodes.room); // by a node that was killed before it ended the stream
    done(nodes.two.readAll());
    nodes.advance();
    assertThat(nodes.two.declared(nodes.room)).isEmpty();
    assertThat(nodes.lookedAfter).isEmpty();
    for (int i = 0; i < 5; i++) {
      nodes.advance();
    }

    assertThat(nodes.lookedAfter).containsExactly(nodes.room);
    assertThat(nodes.ended).isEmpty();
  }

  @Test
  void aStreamIsLeftAloneThatIsAnotherChannelsByThenOrNeverWasADeclaredOnes() {
    assertThat(refusal(nodes.one.update(nodes.room, was -> was)))
        .isEqualTo(Refusal.CHANNEL_NOT_FOUND);
    ChannelKey again = EngineRig.key("a", "again");
    done(nodes.one.declare(nodes.channel("first", again, false, 0)));
    nodes.advance();
    nodes.store.rows.remove(again);
    done(nodes.two.readAll());
    nodes.advance();
    done(nodes.one.declare(nodes.channel("second", again, false, 0)));
    for (int i = 0; i < 6; i++) {
      nodes.advance();
    }

    assertThat(nodes.lookedAfter).isEmpty();
  }
}
