package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.shard.OutboundMemory;
import dev.pushgate.gateway.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class OutboxTest {
  private static final int WRITES = 10 * ObjectCosts.SHARED_WRITE;

  private final StuckSocket socket = new StuckSocket();
  private final OutboundMemory memory =
      new OutboundMemory(
          ByteBufAllocator.DEFAULT, TestLimits.memory(MemoryKind.WRITES, 4 * WRITES), 1);
  private final Outbox outbox = socket.outbox(memory);

  /// A frame counts for more than its bytes while it waits: that must not look like the opposite of
  /// progress, or a client that takes a little while much is queued would be taken for dead.
  @Test
  void whatIsQueuedDoesNotChangeHowMuchWasTaken() {
    long before = outbox.drainedBytes();
    for (int i = 0; i < 3; i++) {
      outbox.write(new byte[10]);
    }
    assertThat(outbox.drainedBytes()).isEqualTo(before);
    outbox.flush();
    assertThat(outbox.drainedBytes()).isGreaterThanOrEqualTo(before + 30);
    socket.finishAndReleaseAll();
  }

  private void offer(int writes) {
    ByteBuf frames = ByteBufAllocator.DEFAULT.directBuffer(10, 10).writeZero(10);
    for (int i = 0; i < writes; i++) {
      outbox.writeShared(frames.retainedDuplicate());
      outbox.flush();
    }
    frames.release();
  }

  @Test
  void whatIsTakenAtOnceIsNotCounted() {
    offer(1_000);
    assertThat(memory.usedOnHeap()).isZero();
    assertThat(outbox.sharedWrites()).isZero();
    socket.finishAndReleaseAll();
  }

  @Test
  void whatIsLeftBehindIsCountedAtOnceAndUntilItIsTaken() {
    socket.takes = false;
    offer(30);
    assertThat(memory.usedOnHeap()).isEqualTo(30 * ObjectCosts.SHARED_WRITE);
    offer(1);
    outbox.write(new byte[10]);
    outbox.flush();
    assertThat(outbox.sharedWrites()).isEqualTo(31);
    assertThat(outbox.ownWrites()).isEqualTo(1);
    assertThat(memory.usedOnHeap())
        .isEqualTo(31 * ObjectCosts.SHARED_WRITE + ObjectCosts.OWN_WRITE);
    socket.takes = true;
    outbox.flush();
    assertThat(outbox.sharedWrites() + outbox.ownWrites()).isZero();
    assertThat(memory.usedOnHeap()).isZero();
    socket.finishAndReleaseAll();
  }

  @Test
  void whatGoesWithItsConnectionIsGivenBack() {
    socket.takes = false;
    offer(31);
    assertThat(memory.usedOnHeap()).isPositive();
    socket.finishAndReleaseAll();
    outbox.closed();
    assertThat(memory.usedOnHeap()).isZero();
  }

  @Test
  void whoTakesNothingIsCutBeforeAnotherFrameIsMade() {
    socket.takes = false;
    offer(40);
    memory.release(memory.allocate(10));
    assertThat(socket.isOpen()).isFalse();
    outbox.closed();
    assertThat(memory.usedOnHeap()).isZero();
  }
}
