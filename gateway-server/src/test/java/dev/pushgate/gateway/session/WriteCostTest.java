package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.shard.OutboundMemory;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What a write that waits is counted for is what the heap holds of it, within a factor.
@Isolated("what others put on the heap would count as well")
class WriteCostTest {
  private static final int SOCKETS = 20;
  private static final int WRITES = 5_000;

  /// How much more may be counted than is held where references take 4 bytes.
  private static final double FACTOR = 2.2;

  /// The pool's buffers would be followed by the leak detector, which takes more than they do.
  private static final class NoPool extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return newHeapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  private final ByteBufAllocator allocator = new NoPool();

  @Test
  void ofSharedBuffers() {
    ByteBuf frames = allocator.directBuffer(10, 10).writeZero(10);
    check(ObjectCosts.SHARED_WRITE, outbox -> outbox.writeShared(frames.retainedDuplicate()));
    assertThat(frames.refCnt()).isEqualTo(1);
    frames.release();
  }

  @Test
  void ofFramesOfItsOwn() {
    check(ObjectCosts.OWN_WRITE, outbox -> outbox.write(new byte[10]));
  }

  private void check(int counted, Consumer<Outbox> write) {
    OutboundMemory memory = new OutboundMemory(allocator, MemoryBudget.unlimited(), 1);
    release(fill(memory, write, 10));
    long before = heapBytes();
    StuckSocket[] filled = fill(memory, write, WRITES);
    long held = (heapBytes() - before) / (SOCKETS * WRITES);
    System.getLogger(getClass().getName())
        .log(System.Logger.Level.INFO, "{0} bytes on the heap, {1} counted", held, counted);
    assertThat((double) counted).isBetween(held * 0.75, held * FACTOR);
    release(filled);
  }

  private static void release(StuckSocket[] sockets) {
    for (StuckSocket socket : sockets) {
      socket.finishAndReleaseAll();
    }
  }

  private static StuckSocket[] fill(OutboundMemory memory, Consumer<Outbox> write, int writes) {
    StuckSocket[] sockets = new StuckSocket[SOCKETS];
    for (int i = 0; i < SOCKETS; i++) {
      sockets[i] = new StuckSocket();
      sockets[i].takes = false;
      Outbox outbox = sockets[i].outbox(memory);
      for (int j = 0; j < writes; j++) {
        write.accept(outbox);
      }
      outbox.flush();
    }
    return sockets;
  }

  /// What is reachable: the least that is used after a collection.
  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      ManagementFactory.getMemoryMXBean().gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
