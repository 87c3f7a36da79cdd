package dev.pushgate.core.simulation;

import static dev.pushgate.core.simulation.ChannelNodes.done;
import static dev.pushgate.core.simulation.ChannelNodes.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.simulation.SharedChannelRows.Mood;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterChannelsTest {
  private final ChannelNodes nodes = new ChannelNodes();

  @AfterEach
  void nothingFailed() {
    nodes.observer.rethrow();
  }

  @Test
  void aChannelDeclaredOnOneNodeIsDeclaredOnAll() {
    assertThat(done(nodes.one.declare(nodes.channel("id", false, 0))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(nodes.one.declared(nodes.room)).as("before the answer").isPresent();
    nodes.advance();

    assertThat(nodes.two.declared(nodes.room))
        .contains(nodes.channel("id", false, 0).withoutTexts());
    assertThat(refusal(nodes.two.declare(nodes.channel("other", false, 0))))
        .isEqualTo(Refusal.CONFLICT);
    nodes.advance();
    assertThat(nodes.two.declared(nodes.room))
        .contains(nodes.channel("id", false, 0).withoutTexts());
  }

  @Test
  void aChannelMadePrivateOnOneNodeIsPrivateOnAll() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.advance();
    assertThat(done(nodes.two.update(nodes.room, was -> nodes.channel("id", true, 5))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(nodes.two.declared(nodes.room).orElseThrow().isPrivate()).isTrue();
    nodes.advance();

    assertThat(nodes.one.declared(nodes.room).orElseThrow().isPrivate()).isTrue();
  }

  @Test
  void aChannelDeletedAndDeclaredAgainElsewhereIsTheNewOneEverywhere() {
    done(nodes.one.declare(nodes.channel("first", true, 9)));
    nodes.advance();
    done(nodes.two.delete(nodes.room));
    done(nodes.two.declare(nodes.channel("second", false, 0)));
    nodes.advance();

    assertThat(nodes.one.declared(nodes.room))
        .contains(nodes.channel("second", false, 0).withoutTexts());
  }

  @Test
  void aDeclarationIsAnsweredWhenTheRelayKnowsOfIt() {
    nodes.note = new CompletableFuture<>();
    CompletionStage<Outcome<Listed>> answer = nodes.one.declare(nodes.channel("id", false, 0));
    nodes.advance();
    assertThat(nodes.noted).containsExactly("id");
    assertThat(nodes.two.declared(nodes.room)).as("told meanwhile").isPresent();
    assertThat(answer.toCompletableFuture()).isNotDone();
    nodes.note.complete(null);
    assertThat(done(answer)).isInstanceOf(Outcome.Done.class);

    assertThat(refusal(nodes.two.declare(nodes.channel("other", false, 0))))
        .isEqualTo(Refusal.CONFLICT);
    assertThat(nodes.noted).as("what is not declared is not noted").containsExactly("id");
  }

  @Test
  void whatAnotherNodeChangedIsReadAtOnce() {
    done(nodes.one.declare(nodes.channel("id", false, 0)));
    nodes.run();
    assertThat(nodes.two.declared(nodes.room)).isPresent();
  }

  @Test
  void aDeclarationWhoseAnswerWasLostIsSettledOnAllNodes() {
    nodes.store.mood = Mood.LOSES_ANSWERS;
    assertThat(refusal(nodes.one.declare(nodes.channel("id", true, 0))))
        .isEqualTo(Refusal.STORE_UNAVAILABLE);
    nodes.store.mood = Mood.ANSWERS;
    nodes.advance();

    assertThat(nodes.one.declared(nodes.room)).isPresent();
    assertThat(nodes.two.declared(nodes.room)).isPresent();
  }

  @Test
  void whatSurelyDidNotHappenIsNotTold() {
    nodes.store.mood = Mood.IS_AWAY;
    nodes.isTold = false;
    assertThat(refusal(nodes.one.declare(nodes.channel("id", true, 0))))
        .isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(refusal(nodes.one.delete(nodes.room))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    nodes.store.mood = Mood.ANSWERS;
    nodes.advance();
    assertThat(nodes.ended).isEmpty();
  }

  @Test
  void whateverNobodyToldIsFoundByReadingAll() {
    ChannelKey gone = EngineRig.key("a", "gone");
    ChannelKey changed = EngineRig.key("a", "changed");
    ChannelKey fresh = EngineRig.key("a", "new");
    done(nodes.one.declare(nodes.channel("g", gone, false, 0)));
    done(nodes.one.declare(nodes.channel("c", changed, false, 0)));
    nodes.advance();
    nodes.isTold = false;
    done(nodes.one.delete(gone));
    done(nodes.one.update(changed, was -> nodes.channel("c", changed, true, 1)));
    done(nodes.one.declare(nodes.channel("n", fresh, false, 0)));
    nodes.advance();
    assertThat(nodes.two.declared(gone)).isPresent();
    done(nodes.two.readAll());
    nodes.advance();

    assertThat(nodes.two.declared(gone)).isEmpty();
    assertThat(nodes.two.declared(changed).orElseThrow().isPrivate()).isTrue();
    assertThat(nodes.two.declared(fresh)).isPresent();
    assertThat(nodes.ended).containsExactly(gone);
  }
}
