package dev.pushgate.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A shard's outbound memory with small limits, and clients that read when a test says so.
final class OutboundRig {
  static final int LIMIT = 1 << 20;
  static final int ON_HEAP = 1 << 18;

  /// Says that there is no memory when it is told to. Heap memory stands in for direct memory.
  static final class Pool extends AbstractByteBufAllocator {
    int failures;

    /// How often it was looked how many hold a buffer.
    long looks;

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity) {
        @Override
        public int refCnt() {
          looks++;
          return super.refCnt();
        }
      };
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      if (failures > 0) {
        failures--;
        throw new OutOfMemoryError("the test says so");
      }
      return newHeapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  final Pool pool = new Pool();
  private final MemoryBudget budget = budget();
  final MemoryShare share = budget.share(MemoryKind.OUTBOUND);
  final MemoryShare writes = budget.share(MemoryKind.WRITES);
  final OutboundMemory memory = new OutboundMemory(pool, budget, 1);

  private static MemoryBudget budget() {
    Map<MemoryKind, Long> limits = new EnumMap<>(MemoryKind.class);
    for (MemoryKind kind : MemoryKind.values()) {
      limits.put(kind, (long) (kind == MemoryKind.WRITES ? ON_HEAP : LIMIT));
    }
    return new MemoryBudget(limits, MemoryParts.WHOLE);
  }

  /// A client that takes nothing until it is told to.
  final class Client implements OutboundQueue {
    final List<ByteBuf> own = new ArrayList<>();
    final List<ByteBuf> shared = new ArrayList<>();
    boolean isCut;
    boolean isClosed;
    boolean saysNothingWaits;
    int closings;
    long drained;
    private final MemoryHolder holder;

    private Client(MemoryHolder holder) {
      this.holder = holder;
    }

    @Override
    public MemoryHolder holder() {
      return holder;
    }

    Client write(int bytes) {
      own.add(memory.allocate(bytes));
      memory.flushed(this);
      return this;
    }

    Client take(ByteBuf frames) {
      if (!isCut) {
        shared.add(frames.retainedDuplicate());
        memory.flushed(this);
      }
      return this;
    }

    void takesAll() {
      drained += pendingBytes();
      own.forEach(
          buffer -> {
            memory.taken(buffer.capacity());
            buffer.release();
          });
      shared.forEach(ByteBuf::release);
      own.clear();
      shared.clear();
    }

    @Override
    public long pendingBytes() {
      if (saysNothingWaits) {
        return 0;
      }
      return own.stream().mapToLong(ByteBuf::capacity).sum()
          + shared.stream().mapToLong(ByteBuf::capacity).sum();
    }

    @Override
    public int ownWrites() {
      return own.size();
    }

    @Override
    public int sharedWrites() {
      return shared.size();
    }

    @Override
    public long drainedBytes() {
      return drained;
    }

    @Override
    public void closeSlow() {
      isClosed = true;
      closings++;
    }

    @Override
    public void cut() {
      isCut = true;
      takesAll();
    }
  }

  Client client() {
    return client(MemoryHolder.NODE);
  }

  Client client(MemoryHolder holder) {
    return new Client(holder);
  }

  void checkNothingIsHeld() {
    assertThat(memory.usedBytes()).isZero();
    assertThat(memory.usedOnHeap()).isZero();
  }
}
