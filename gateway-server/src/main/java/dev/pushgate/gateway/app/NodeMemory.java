package dev.pushgate.gateway.app;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.gateway.config.ByteSize;
import dev.pushgate.gateway.config.Memory;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The memory that the JVM really has, and how it is shared out. Immutable.
///
/// @param heapBytes the largest that the heap can grow
/// @param directBytes the largest that direct memory can grow
record NodeMemory(long heapBytes, long directBytes) {
  /// The smallest heap that a node runs in. A little less than the 96 MiB that one asks for with
  /// `-Xmx96m`: some collectors keep a part to themselves.
  private static final long SMALLEST_HEAP = 90L << 20;

  /// What a node without clients keeps on its heap: code's constants, pools, settings.
  private static final long BASE = 40L << 20;

  /// Netty's name for it, in bytes.
  private static final String POOL_LIMIT = "io.netty.maxDirectMemory";

  /// What the JVM's own sockets and files take beside the pool.
  private static final long LEAST_FOR_OTHERS = 4L << 20;

  /// Of this JVM.
  static NodeMemory ofThisProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    String limit =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("MaxDirectMemorySize")
            .getValue();
    long direct = Long.parseLong(limit); // 0 when nobody set it: then it is as large as the heap
    return new NodeMemory(heap, direct > 0 ? direct : heap);
  }

  /// Has the pool of buffers end a little before the JVM's own limit: what it cannot give then
  /// fails at once, at one client. At the JVM's limit a thread waits for the collector instead, up
  /// to a second at a time, and an event loop with all its clients. What is set already stays. To
  /// be called before the first buffer is made, and without effect after it.
  void boundPool() {
    if (System.getProperty(POOL_LIMIT) == null) {
      long others = Math.max(LEAST_FOR_OTHERS, directBytes / 16);
      System.setProperty(POOL_LIMIT, Long.toString(Math.max(1, directBytes - others)));
    }
  }

  /// @throws StartFailedException when the heap is too small to share out
  MemoryBudget share(Memory settings) throws StartFailedException {
    if (heapBytes < SMALLEST_HEAP) {
      throw new StartFailedException(
          "The heap is %d MiB, and the smallest that is supported is 96 MiB: set PUSHGATE_JAVA_OPTS=-Xmx256m or more"
              .formatted(heapBytes >> 20));
    }
    Map<MemoryKind, Long> limits = new EnumMap<>(MemoryKind.class);
    for (MemoryKind kind : MemoryKind.values()) {
      limits.put(kind, set(settings, kind).map(ByteSize::bytes).orElseGet(() -> derived(kind)));
    }
    return new MemoryBudget(
        limits, new MemoryParts(settings.appPart(), settings.keyPart(), settings.addressPart()));
  }

  /// What is held stays within three quarters of the heap: the collector needs the rest for what
  /// comes and goes.
  private long derived(MemoryKind kind) {
    return switch (kind) {
      case OUTBOUND -> directBytes / 2;
      case RECENT_LOGS, CHANNELS -> ofHeap(14);
      case CONNECTIONS -> ofHeap(9);
      case BODIES, ANSWERS, IDEMPOTENCY, WAITING -> ofHeap(6);
      case INBOUND -> ofHeap(5);
      case PRESENCE, WRITES -> ofHeap(4);
      case HEADS -> ofHeap(1);
    };
  }

  private long ofHeap(int percent) {
    return (heapBytes - BASE) / 100 * percent;
  }

  private static Optional<ByteSize> set(Memory settings, MemoryKind kind) {
    return switch (kind) {
      case OUTBOUND -> settings.outbound();
      case WRITES -> Optional.empty(); // outbound is what one chooses; they go with the heap
      case INBOUND -> settings.inbound();
      case HEADS -> settings.heads();
      case BODIES -> settings.bodies();
      case ANSWERS -> settings.answers();
      case RECENT_LOGS -> settings.recentLogs();
      case IDEMPOTENCY -> settings.idempotency();
      case CHANNELS -> settings.channels();
      case PRESENCE -> settings.presence();
      case WAITING -> settings.waiting();
      case CONNECTIONS -> settings.connections();
    };
  }
}
