package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// What answers take of the room of all.
class AnswerHoldTest {
  private static final int MIB = 1024 * 1024;

  private final MemoryShare share =
      new MemoryShare(MemoryKind.ANSWERS, 10 * MIB, new MemoryParts(100, 100, 50));
  private final LargeAnswers large = new LargeAnswers();
  private final List<Integer> turns = new ArrayList<>();

  @Test
  void whatWasTakenBeforeShrinksToWhatTheAnswerHasAndGoesWithIt() {
    AnswerHold hold = hold("a");
    assertThat(hold.take(4 * MIB)).isTrue();
    assertThat(share.usedBytes()).isEqualTo(4 * MIB);
    assertThat(hold.made(100, true)).isTrue();
    assertThat(share.usedBytes()).isEqualTo(100);
    hold.end();
    hold.end();
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void anAddressHasItsPart() {
    assertThat(hold("a").take(MIB)).isTrue();
    assertThat(hold("a").take(MIB)).isTrue();
    assertThat(hold("a").take(4 * MIB)).isFalse();
    assertThat(hold("b").take(4 * MIB)).isTrue();
  }

  @Test
  void oneLargeAnswerIsMadeAtATime() {
    AnswerHold first = hold("a");
    assertThat(first.take(2 * MIB)).isTrue();
    assertThat(hold("b").take(2 * MIB)).isFalse();
    assertThat(hold("b").take(MIB)).isTrue();
    first.made(2 * MIB, true);
    AnswerHold second = hold("b");
    assertThat(second.take(2 * MIB)).isTrue();
    second.end();
    assertThat(hold("b").take(2 * MIB)).isTrue();
  }

  @Test
  void whatWasCarriedOutIsAnsweredAlsoWithoutRoom() {
    assertThat(share.take(MemoryHolder.NODE, 10 * MIB)).isTrue();
    AnswerHold read = hold("a");
    assertThat(read.made(MIB, true)).isFalse();
    read.end();
    AnswerHold done = hold("a");
    assertThat(done.made(MIB, false)).isTrue();
    assertThat(share.usedBytes()).isEqualTo(11 * MIB);
    done.end();
    assertThat(share.usedBytes()).isEqualTo(10 * MIB);
  }

  @Test
  void aSmallAnswerIsNeverRefused() {
    assertThat(share.take(MemoryHolder.NODE, 10 * MIB)).isTrue();
    assertThat(hold("a").made(4096, true)).isTrue();
    assertThat(hold("a").made(4097, true)).isFalse();
  }

  @Test
  void nothingIsTakenForAnAnswerThatNobodyWaitsFor() {
    AnswerHold hold = hold("a");
    hold.end();
    assertThat(hold.take(1)).isFalse();
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void whoWantsALargeOneToBeMadeWaitsAndEveryHolderHasHisTurn() {
    AnswerHold first = hold("a", "greedy");
    assertThat(first.take(2 * MIB)).isTrue();
    List<AnswerHold> waiting =
        List.of(hold("b", "greedy"), hold("c", "greedy"), hold("d", "greedy"), hold("e", "good"));
    for (int i = 0; i < waiting.size(); i++) {
      int index = i;
      assertThat(waiting.get(i).take(2 * MIB)).isFalse();
      waiting.get(i).turn().thenAccept(isNow -> turns.add(isNow ? index : -1));
    }
    assertThat(share.refusals()).as("nobody is refused").isZero();
    assertThat(turns).isEmpty();
    first.made(MIB, true);
    assertThat(turns).containsExactly(0);
    assertThat(hold("f", "late").take(2 * MIB)).isFalse();
    assertThat(waiting.get(0).take(2 * MIB)).isTrue();
    waiting.get(0).end();
    assertThat(turns).containsExactly(0, 3);
    waiting.get(3).end();
    assertThat(turns).containsExactly(0, 3, 1);
    waiting.get(1).end();
    waiting.get(2).end();
    assertThat(hold("f", "late").take(2 * MIB)).isTrue();
  }

  @Test
  void whomNobodyWaitsForHasNoTurn() {
    AnswerHold first = hold("a");
    assertThat(first.take(2 * MIB)).isTrue();
    AnswerHold gone = hold("b");
    assertThat(gone.take(2 * MIB)).isFalse();
    gone.turn().thenAccept(isNow -> turns.add(isNow ? 1 : -1));
    gone.giveUp();
    assertThat(turns).containsExactly(-1);
    first.end();
    assertThat(hold("c").take(2 * MIB)).isTrue();
  }

  @Test
  void whoHasNoRoomWaitsForNobody() {
    AnswerHold first = hold("a");
    assertThat(first.take(2 * MIB)).isTrue();
    AnswerHold tooLarge = hold("b");
    assertThat(tooLarge.take(6 * MIB)).isFalse();
    CompletionStage<Boolean> turn = tooLarge.turn();
    assertThat(turn.toCompletableFuture()).isCompletedWithValue(false);
    assertThat(hold("b").take(2 * MIB)).as("one is made already").isFalse();
  }

  private AnswerHold hold(String address) {
    return hold(address, "key");
  }

  private AnswerHold hold(String address, String credential) {
    return new AnswerHold(
        share, new MemoryHolder(AppId.DEFAULT, credential, address), large, Runnable::run);
  }
}
