package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.engine.ClusterChannels;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.simulation.SharedChannelRows.Mood;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterChannelsTest {
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final SimulatedClock clock = new SimulatedClock();
  private final SharedChannelRows store = new SharedChannelRows();
  private final SimulatedObserver observer = new SimulatedObserver();
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final List<ClusterChannels> nodes = new ArrayList<>();
  private final List<ChannelKey> ended = new ArrayList<>();
  private final List<ChannelKey> lookedAfter = new ArrayList<>();
  private final ChannelKey room = EngineRig.key("a", "room");
  private final List<String> noted = new ArrayList<>();
  private CompletableFuture<Void> note = CompletableFuture.completedFuture(null);
  private boolean isReachable = true;
  private boolean isTold = true;
  private final ClusterChannels one = node();
  private final ClusterChannels two = node();

  @AfterEach
  void nothingFailed() {
    observer.rethrow();
  }

  @Test
  void aChannelDeclaredOnOneNodeIsDeclaredOnAll() {
    assertThat(done(one.declare(channel("id", false, 0)))).isInstanceOf(Outcome.Done.class);
    assertThat(one.declared(room)).as("before the answer").isPresent();
    advance();

    assertThat(two.declared(room)).contains(channel("id", false, 0));
    assertThat(refusal(two.declare(channel("other", false, 0)))).isEqualTo(Refusal.CONFLICT);
    advance();
    assertThat(two.declared(room)).contains(channel("id", false, 0));
  }

  @Test
  void aChannelMadePrivateOnOneNodeIsPrivateOnAll() {
    done(one.declare(channel("id", false, 0)));
    advance();
    assertThat(done(two.update(room, was -> channel("id", true, 5))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(two.declared(room).orElseThrow().isPrivate()).isTrue();
    advance();

    assertThat(one.declared(room).orElseThrow().isPrivate()).isTrue();
  }

  @Test
  void aChannelDeletedOnOneNodeIsGoneOnAllAndItsStreamEndsOnce() {
    done(one.declare(channel("id", false, 0)));
    advance();
    assertThat(done(two.delete(room))).isEqualTo(Outcome.done(room));
    assertThat(two.declared(room)).isEmpty();
    advance();

    assertThat(one.declared(room)).isEmpty();
    assertThat(ended).containsExactly(room);
    assertThat(refusal(one.delete(room))).isEqualTo(Refusal.CHANNEL_NOT_FOUND);
    assertThat(refusal(one.update(room, was -> was))).isEqualTo(Refusal.CHANNEL_NOT_FOUND);
  }

  @Test
  void aChannelDeletedAndDeclaredAgainElsewhereIsTheNewOneEverywhere() {
    done(one.declare(channel("first", true, 9)));
    advance();
    done(two.delete(room));
    done(two.declare(channel("second", false, 0)));
    advance();

    assertThat(one.declared(room)).contains(channel("second", false, 0));
  }

  @Test
  void nothingIsDeletedWhileTheRelayCannotTellTheMembers() {
    done(one.declare(channel("id", false, 0)));
    isReachable = false;

    assertThat(refusal(one.delete(room))).isEqualTo(Refusal.RELAY_UNAVAILABLE);
    assertThat(store.rows).containsKey(room);
    assertThat(one.declared(room)).isPresent();
  }

  @Test
  void aDeletionWhoseAnswerWasLostIsSettledOnAllNodesAndItsStreamEnds() {
    done(one.declare(channel("id", false, 0)));
    advance();
    store.mood = Mood.LOSES_ANSWERS;
    assertThat(refusal(one.delete(room))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    advance();
    assertThat(two.declared(room)).as("nobody knows yet").isPresent();
    store.mood = Mood.ANSWERS;
    advance();

    assertThat(one.declared(room)).isEmpty();
    assertThat(two.declared(room)).isEmpty();
    assertThat(ended).containsExactly(room);
  }

  @Test
  void aDeletionThatDidNotHappenIsForgottenWhenTheChannelIsFoundToBeThere() {
    done(one.declare(channel("id", false, 0)));
    advance();
    store.mood = Mood.LOSES_QUESTIONS;
    assertThat(refusal(one.delete(room))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    store.mood = Mood.ANSWERS;
    advance();
    assertThat(one.declared(room)).isPresent();
    done(two.delete(room));
    advance();

    assertThat(one.declared(room)).isEmpty();
    assertThat(ended).as("by the node that deleted it alone").containsExactly(room);
  }

  @Test
  void aDeletionThatIsFoundBeforeItsAnswerCameEndsTheStreamOnce() {
    done(one.declare(channel("id", false, 0)));
    advance();
    store.rows.remove(room);
    one.changed(room);
    store.rows.put(room, channel("id", false, 0));
    done(one.delete(room)); // the reading under way will find that it is gone
    advance();

    assertThat(ended).containsExactly(room);
  }

  @Test
  void aDeclarationIsAnsweredWhenTheRelayKnowsOfIt() {
    note = new CompletableFuture<>();
    CompletionStage<Outcome<Listed>> answer = one.declare(channel("id", false, 0));
    advance();
    assertThat(noted).containsExactly("id");
    assertThat(two.declared(room)).as("told meanwhile").isPresent();
    assertThat(answer.toCompletableFuture()).isNotDone();
    note.complete(null);
    assertThat(done(answer)).isInstanceOf(Outcome.Done.class);

    assertThat(refusal(two.declare(channel("other", false, 0)))).isEqualTo(Refusal.CONFLICT);
    assertThat(noted).as("what is not declared is not noted").containsExactly("id");
  }

  @Test
  void whatAnotherNodeChangedIsReadAtOnce() {
    done(one.declare(channel("id", false, 0)));
    run();
    assertThat(two.declared(room)).isPresent();
  }

  @Test
  void aDeclarationWhoseAnswerWasLostIsSettledOnAllNodes() {
    store.mood = Mood.LOSES_ANSWERS;
    assertThat(refusal(one.declare(channel("id", true, 0)))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    store.mood = Mood.ANSWERS;
    advance();

    assertThat(one.declared(room)).isPresent();
    assertThat(two.declared(room)).isPresent();
  }

  @Test
  void whatSurelyDidNotHappenIsNotTold() {
    store.mood = Mood.IS_AWAY;
    isTold = false;
    assertThat(refusal(one.declare(channel("id", true, 0)))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    assertThat(refusal(one.delete(room))).isEqualTo(Refusal.STORE_UNAVAILABLE);
    store.mood = Mood.ANSWERS;
    advance();
    assertThat(ended).isEmpty();
  }

  @Test
  void whateverNobodyToldIsFoundByReadingAll() {
    ChannelKey gone = EngineRig.key("a", "gone");
    ChannelKey changed = EngineRig.key("a", "changed");
    ChannelKey fresh = EngineRig.key("a", "new");
    done(one.declare(channel("g", gone, false, 0)));
    done(one.declare(channel("c", changed, false, 0)));
    advance();
    isTold = false;
    done(one.delete(gone));
    done(one.update(changed, was -> channel("c", changed, true, 1)));
    done(one.declare(channel("n", fresh, false, 0)));
    advance();
    assertThat(two.declared(gone)).isPresent();
    done(two.readAll());
    advance();

    assertThat(two.declared(gone)).isEmpty();
    assertThat(two.declared(changed).orElseThrow().isPrivate()).isTrue();
    assertThat(two.declared(fresh)).isPresent();
    assertThat(ended).containsExactly(gone);
  }

  @Test
  void aNodeThatLearnsOfADeletionLooksAfterTheStreamAWhileLater() {
    done(one.declare(channel("id", false, 0)));
    advance();
    store.rows.remove(room); // by a node that was killed before it ended the stream
    done(two.readAll());
    advance();
    assertThat(two.declared(room)).isEmpty();
    assertThat(lookedAfter).isEmpty();
    for (int i = 0; i < 5; i++) {
      advance();
    }

    assertThat(lookedAfter).containsExactly(room);
    assertThat(ended).isEmpty();
  }

  @Test
  void aStreamIsLeftAloneThatIsAnotherChannelsByThenOrNeverWasADeclaredOnes() {
    assertThat(refusal(one.update(room, was -> was))).isEqualTo(Refusal.CHANNEL_NOT_FOUND);
    ChannelKey again = EngineRig.key("a", "again");
    done(one.declare(channel("first", again, false, 0)));
    advance();
    store.rows.remove(again);
    done(two.readAll());
    advance();
    done(one.declare(channel("second", again, false, 0)));
    for (int i = 0; i < 6; i++) {
      advance();
    }

    assertThat(lookedAfter).isEmpty();
  }

  private ClusterChannels node() {
    SimulatedLoop loop = new SimulatedLoop(clock);
    loops.add(loop);
    ClusterChannels.Ports ports =
        new ClusterChannels.Ports(
            new ToldAtOnce(),
            key -> isReachable,
            channel -> {
              noted.add(channel.id());
              return note;
            },
            key -> {
              ended.add(key);
              return CompletableFuture.failedStage(new IllegalStateException("in vain"));
            },
            lookedAfter::add);
    Engine engine =
        new Engine(
            List.of(loop),
            EngineRig.LIMITS,
            new Engine.Stores(store, store),
            new ChannelDirectory(),
            new Engine.Cluster(new ScriptedRelay(), ports),
            new BreakableRosters(clock),
            new Engine.Sources(
                clock, new SplittableRandom(loops.size()), observer, new CountingAllocator()));
    ClusterChannels channels = engine.clusterChannels().orElseThrow();
    nodes.add(channels);
    return channels;
  }

  private final class ToldAtOnce implements Notices {
    @Override
    public void tell(Notice notice) {
      if (isTold) {
        nodes.forEach(node -> node.changed(((Notice.ChannelChanged) notice).key()));
      }
    }

    @Override
    public void start(Listener listener) {
      throw new UnsupportedOperationException();
    }
  }

  private DeclaredChannel channel(String id, boolean isPrivate, long updatedAtMs) {
    return channel(id, room, isPrivate, updatedAtMs);
  }

  private static DeclaredChannel channel(
      String id, ChannelKey key, boolean isPrivate, long updatedAtMs) {
    return new DeclaredChannel(id, key, "title", null, isPrivate, null, 0, updatedAtMs);
  }

  private static <T> T done(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).isCompleted();
    return stage.toCompletableFuture().join();
  }

  private static Refusal refusal(CompletionStage<? extends Outcome<?>> stage) {
    return ((Outcome.Refused<?>) done(stage)).refusal();
  }

  private void advance() {
    clock.advance(A_WHILE.toMillis());
    run();
  }

  private void run() {
    for (SimulatedLoop loop : loops) {
      loop.wake();
      while (loop.isBusy()) {
        loop.runOne();
      }
    }
  }
}
