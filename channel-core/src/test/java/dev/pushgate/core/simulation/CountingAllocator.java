package dev.pushgate.core.simulation;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Knows every buffer it gave, so that a leak is found at once. Heap memory stands in for direct
/// memory.
final class CountingAllocator extends AbstractByteBufAllocator {
  private final List<ByteBuf> given = new ArrayList<>();

  /// Thrown while it is not null: there is no direct memory left.
  @Nullable Error error;

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    ByteBuf buffer = new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
    given.add(buffer);
    return buffer;
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    if (error != null) {
      throw error;
    }
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  long leaked() {
    return given.stream().filter(buffer -> buffer.refCnt() != 0).count();
  }
}
