package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.shard.ShardLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Rounds of a loop, and whose turn it is in each.
class CommandTurnsTest {
  private final Queue<Runnable> afterIo = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private long nanos;

  private final CommandTurns turns =
      new CommandTurns(
          new ShardLoop() {
            @Override
            public boolean inside() {
              return true;
            }

            @Override
            public void runAfterIo(Runnable task) {
              afterIo.add(task);
            }

            @Override
            public void runLater(Runnable task, Duration delay) {
              throw new UnsupportedOperationException();
            }
          },
          () -> nanos);

  /// The I/O of a round is done.
  private void goOn() {
    afterIo.remove().run();
  }

  private void add(String name, long millis) {
    turns.add(
        () -> {
          ran.add(name);
          nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        });
  }

  @Test
  void aRoundHasTwoMilliseconds() {
    long first = turns.round();
    assertThat(turns.hasTime()).isTrue();
    nanos += TimeUnit.MILLISECONDS.toNanos(2);
    assertThat(turns.round()).isEqualTo(first);
    assertThat(turns.hasTime()).isFalse();
    goOn();
    assertThat(turns.round()).isGreaterThan(first);
    assertThat(turns.hasTime()).isTrue();
  }

  @Test
  void whoWaitsTakesTurnsAndWhatHasNoTimeComesInTheNextRound() {
    add("a", 1);
    add("b", 1);
    add("c", 5);
    add("d", 0);
    assertThat(ran).isEmpty();
    goOn();
    assertThat(ran).containsExactly("a", "b");
    goOn();
    assertThat(ran).containsExactly("a", "b", "c");
    add("e", 0);
    goOn();
    assertThat(ran).containsExactly("a", "b", "c", "d", "e");
    assertThat(afterIo).isEmpty();
  }

  @Test
  void allTurnsOfARoundAreInTheSameOne() {
    List<Long> rounds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      turns.add(() -> rounds.add(turns.round()));
    }
    goOn();
    assertThat(rounds).hasSize(3).containsOnly(rounds.getFirst());
    assertThat(turns.round()).isGreaterThan(rounds.getFirst());
  }

  @Test
  void whoComesAgainIsBehindTheOthersAndInTheNextRound() {
    turns.add(
        () -> {
          ran.add("first");
          add("again", 0);
        });
    add("second", 0);
    goOn();
    assertThat(ran).containsExactly("first", "second");
    goOn();
    assertThat(ran).containsExactly("first", "second", "again");
  }

  @Test
  void whoLeavesBeforeItsTurnIsForgottenAlsoInTheMidstOfARound() {
    Runnable leaves = () -> ran.add("was to leave");
    Runnable leavesToo = () -> ran.add("was to leave too");
    turns.add(leaves);
    turns.add(
        () -> {
          ran.add("stays");
          turns.remove(leavesToo);
        });
    turns.add(leavesToo);
    turns.remove(leaves);
    goOn();
    assertThat(ran).containsExactly("stays");
    assertThat(afterIo).isEmpty();
  }

  @Test
  void aTurnThatThrowsKeepsNobodyWaiting() {
    turns.add(
        () -> {
          throw new IllegalStateException("a bug");
        });
    add("next", 0);
    try {
      goOn();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("a bug");
    }
    goOn();
    assertThat(ran).containsExactly("next");
  }
}
