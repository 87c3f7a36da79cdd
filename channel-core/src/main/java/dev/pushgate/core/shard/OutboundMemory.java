package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.pace.RateLimitedLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.slf4j.LoggerFactory;

/// The memory in which one shard keeps what waits for its clients: direct memory for the bytes, of
/// their own frames and of buffers that many of them share, which count once; and the heap for the
/// writes, for each of the clients has its own of a shared buffer. Both have a limit, and are held
/// against it before anything is allocated. Beyond three quarters of either who takes nothing is
/// closed; at the limit those are cut whose keys and addresses have most waiting of what is short,
/// until there is room. Who has nothing waiting is never touched. Confined to its shard's loop.
///
/// Beyond three quarters of the bytes no replay begins, either. Writes keep none waiting: a replay
/// takes one for each 64 KiB, and whoever fills them up with answers that he does not read would
/// keep resumes from all others.
///
/// A write that the socket takes at once is not counted: nobody looks at the many who are ready.
/// Before a buffer is offered to them all there is room for a write for each of those who are
/// behind, and what is behind is counted when it was flushed. Who falls behind only then is one
/// write more, at most until the turn ends.
public final class OutboundMemory {
  /// Up to this many bytes the pool rounds up to its size classes: at the most to the next power of
  /// two. Larger buffers lie end to end, with a loss at the end of a chunk.
  private static final int LARGEST_CLASS = 64 << 10;

  private static final int SMALLEST_CLASS = 32;

  /// How many are cut before it is first looked what that has freed; each time after it twice as
  /// many, for all buffers are looked at.
  private static final int CUTS = 8;

  /// How many eighths of a limit are in use when room has been made. A byte that is cut has to be
  /// sent again. Of writes so many go that it takes a while until who takes nothing is looked for.
  private static final int EIGHTHS_OF_BYTES = 7;

  private static final int EIGHTHS_OF_WRITES = 5;

  /// For how many seconds those who take at least something may keep others short.
  private static final int PATIENCE_SECONDS = 10;

  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  private final ByteBufAllocator allocator;
  private final OutboundTally bytes;
  private final OutboundTally writes;
  private final QueuesBehind behind;
  private final SharedBuffers shared = new SharedBuffers(this::releaseShared);
  private final RateLimitedLog log;

  /// @param shards how many divide what the budget has of both
  public OutboundMemory(ByteBufAllocator allocator, MemoryBudget budget, int shards) {
    this.allocator = allocator;
    this.bytes = new OutboundTally(budget.share(MemoryKind.OUTBOUND), shards, EIGHTHS_OF_BYTES);
    this.writes = new OutboundTally(budget.share(MemoryKind.WRITES), shards, EIGHTHS_OF_WRITES);
    this.behind = new QueuesBehind(writes);
    this.log =
        new RateLimitedLog(
            LoggerFactory.getLogger(OutboundMemory.class), TELL_EVERY, System::nanoTime);
  }

  /// A direct buffer of exactly this size for a frame of one client's own, for a heap buffer would
  /// be copied; its write is counted with it. It is given back with [#taken] or [#release]. A
  /// single one that is larger than the limit is allocated when nothing else is held.
  public ByteBuf allocate(int size) {
    return allocate(size, ObjectCosts.OWN_WRITE, 0);
  }

  /// The same for what so many are due. It is given back with [#walked].
  ByteBuf allocateShared(int size, int receivers) {
    return allocate(size, ObjectCosts.SHARED_BUFFER, receivers);
  }

  private ByteBuf allocate(int size, int objects, int receivers) {
    long cost = cost(size);
    if (!bytes.hasRoomFor(cost)) {
      makeRoom(bytes, OutboundQueue::pendingBytes, () -> bytes.mostFor(cost));
    }
    if (!writes.hasRoomFor(objects + toCome(receivers))) {
      makeRoomForWrites(objects, receivers);
    }
    ByteBuf buffer;
    try {
      buffer = allocator.directBuffer(size, size);
    } catch (OutOfMemoryError e) {
      // The pool has more in use than we count, or others have: a failure at once, no wait.
      long half = bytes.used() / 2;
      makeRoom(bytes, OutboundQueue::pendingBytes, () -> half);
      buffer = allocator.directBuffer(size, size);
    }
    bytes.add(cost);
    writes.add(objects);
    return buffer;
  }

  /// What the writes to those take who have something waiting already: the others are ready.
  private long toCome(int receivers) {
    return (long) Math.min(receivers, behind.size()) * ObjectCosts.SHARED_WRITE;
  }

  /// A shared buffer has been offered to all who are due it. Its owner has nothing more to do with
  /// it.
  void walked(ByteBuf buffer) {
    shared.walked(buffer);
  }

  private void releaseShared(ByteBuf buffer) {
    release(buffer, ObjectCosts.SHARED_BUFFER);
  }

  /// Gives back a buffer that went to nobody.
  public void release(ByteBuf own) {
    release(own, ObjectCosts.OWN_WRITE);
  }

  private void release(ByteBuf buffer, int objects) {
    giveBack(buffer.capacity(), objects);
    buffer.release();
  }

  /// A buffer of this size that belonged to one queue alone is gone.
  public void taken(int size) {
    giveBack(size, ObjectCosts.OWN_WRITE);
  }

  private void giveBack(int size, int objects) {
    bytes.add(-cost(size));
    writes.add(-objects);
  }

  /// A client has taken what it would of what it was offered. To be called whenever it leaves
  /// something behind, and when it does so no more.
  public void flushed(OutboundQueue queue) {
    if (queue.pendingBytes() > 0) {
      behind.count(queue);
    } else {
      left(queue);
    }
  }

  /// Nothing waits for a client any more, perhaps because its connection is gone.
  public void left(OutboundQueue queue) {
    if (behind.remove(queue)) {
      if (behind.size() == 0) {
        shared.lookAtAll();
      } else {
        shared.lookAtSome();
      }
    }
  }

  /// Whether there is room for what clients ask to be sent again.
  public boolean hasRoomForReplays() {
    return hasRoomForReplays(0);
  }

  /// The same beside so much that was begun and is not here yet.
  public boolean hasRoomForReplays(long begunBytes) {
    return bytes.overSoft() + begunBytes <= 0;
  }

  /// Whether so many shared writes can wait for their flush.
  boolean hasRoomForWrites(long more) {
    return writes.hasRoomFor(more * ObjectCosts.SHARED_WRITE);
  }

  /// What may be held, in bytes of direct memory.
  public long limit() {
    return bytes.limit();
  }

  /// Cuts one that takes nothing, for others wait for its room. Not to be called during a fan-out.
  public void cutForRoom(OutboundQueue queue) {
    cut(queue, bytes);
    shared.lookAtAll();
  }

  private void cut(OutboundQueue queue, OutboundTally isShort) {
    isShort.refused();
    tell("cut", isShort);
    queue.cut();
    behind.remove(queue);
  }

  /// Looks whether shared buffers have been taken by all, and whether too many have fallen behind.
  /// Called at the end of each turn.
  void settle() {
    shared.settle();
    if (!writes.hasRoomFor(0)) {
      makeRoomForWrites(0, 0);
    }
  }

  /// Called once a second.
  void tick() {
    shared.lookAtAll();
    behind.tick();
    closeGreediest(bytes, OutboundQueue::pendingBytes);
    closeGreediest(writes, QueuesBehind::onHeap);
    bytes.note();
    writes.note();
  }

  /// What is held, in bytes of direct memory.
  long usedBytes() {
    return bytes.used();
  }

  /// What is held on the heap, in bytes.
  public long usedOnHeap() {
    return writes.used();
  }

  /// At first only those that take nothing at all. But who takes a little must not keep room
  /// from others for ever.
  private void closeGreediest(OutboundTally tally, ToLongFunction<OutboundQueue> pending) {
    int seconds = tally.secondsShort();
    if (seconds == 0) {
      return;
    }
    long over = tally.overSoft();
    for (OutboundQueue queue : behind.greediestFirst(pending)) {
      if (over > 0 && (behind.isStuck(queue) || seconds > PATIENCE_SECONDS)) {
        over -= pending.applyAsLong(queue);
        if (behind.closes(queue)) {
          tally.refused();
          tell("closed", tally);
          queue.closeSlow();
        }
      }
    }
  }

  private void makeRoomForWrites(int objects, int receivers) {
    makeRoom(writes, QueuesBehind::onHeap, () -> writes.mostFor(objects + toCome(receivers)));
  }

  /// Cuts the greediest until no more than this is used, or nobody has anything waiting.
  private void makeRoom(
      OutboundTally tally, ToLongFunction<OutboundQueue> pending, LongSupplier most) {
    shared.settle();
    shared.lookAtAll();
    behind.recount();
    if (tally.used() <= most.getAsLong()) {
      return;
    }
    List<OutboundQueue> queues = behind.greediestFirst(pending);
    int cut = 0;
    int lookAt = CUTS;
    while (tally.used() > most.getAsLong() && cut < queues.size()) {
      cut(queues.get(cut++), tally);
      if (cut == lookAt) {
        shared.lookAtAll();
        lookAt *= 2;
      }
    }
    shared.lookAtAll();
  }

  private void tell(String what, OutboundTally isShort) {
    log.warn(
        "Outbound memory is short: clients that do not take what is sent to them are "
            + what
            + ", those whose keys and addresses have most waiting first (kind \""
            + isShort.kind().label()
            + "\")");
  }

  private static long cost(int size) {
    if (size > LARGEST_CLASS) {
      return (long) size + size / 8;
    }
    return size <= SMALLEST_CLASS ? SMALLEST_CLASS : Integer.highestOneBit(size - 1) << 1;
  }
}
