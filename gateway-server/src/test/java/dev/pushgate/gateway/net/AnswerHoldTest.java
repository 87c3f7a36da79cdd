package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/// What answers take of the room of all.
class AnswerHoldTest {
  private static final int MIB = 1024 * 1024;

  private final MemoryShare share =
      new MemoryShare(MemoryKind.ANSWERS, 10 * MIB, new MemoryParts(100, 100, 50));
  private final Semaphore makingLarge = new Semaphore(1);

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

  private AnswerHold hold(String address) {
    return new AnswerHold(share, new MemoryHolder(AppId.DEFAULT, "key", address), makingLarge);
  }
}
