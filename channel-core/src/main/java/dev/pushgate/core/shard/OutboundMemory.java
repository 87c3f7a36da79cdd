package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.pace.RateLimitedLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// The memory in which one shard keeps what waits for its clients: their own frames, and buffers
/// that many of them share, which count once. Every buffer is held against the limit before it is
/// allocated. Beyond three quarters of the limit no replay begins, and who takes nothing is closed;
/// at the limit those are cut whose keys and addresses have most waiting, until there is room. Who
/// has nothing waiting is never touched. Confined to its shard's loop.
///
/// A buffer that is shared is given back right after its walk when all sockets have taken it. Of
/// the others one reference is kept here, to see when it is the last.
public final class OutboundMemory {
  /// What a buffer and a write cost on the heap, about.
  private static final int OBJECTS = 256;

  /// Up to this many bytes the pool rounds up to its size classes: at the most to the next power of
  /// two. Larger buffers lie end to end, with a loss at the end of a chunk.
  private static final int LARGEST_CLASS = 64 << 10;

  private static final int SMALLEST_CLASS = 32;

  /// How many shared buffers are looked at in a turn beside its own.
  private static final int LOOKS = 8;

  /// For how many seconds somebody has to take nothing before it is closed for want of memory that
  /// is not used up yet.
  private static final int STUCK_SECONDS = 3;

  /// For how many seconds replays may be kept waiting by those who take at least something.
  private static final int PATIENCE_SECONDS = 10;

  private static final Duration TELL_EVERY = Duration.ofSeconds(10);

  private final ByteBufAllocator allocator;
  private final MemoryShare share;
  private final long limit;
  private final RateLimitedLog log;

  /// Those with something waiting, as of when they were last seen.
  private final Map<OutboundQueue, Watch> behind = new LinkedHashMap<>();

  /// Shared buffers of this turn, and of turns before.
  private final List<ByteBuf> fresh = new ArrayList<>();

  private final Deque<ByteBuf> held = new ArrayDeque<>();

  /// What the buffers take, and what all writes together took on the heap a second ago.
  private long buffers;

  private long writes;
  private long noted;
  private int shortSeconds;

  /// How one of them gets on.
  private static final class Watch {
    long drained;
    int stuckSeconds;

    /// Whether its end was decided already: it comes soon.
    boolean isClosed;

    Watch(long drained) {
      this.drained = drained;
    }
  }

  /// @param share of all shards; this one shows what it holds there
  /// @param limit of this shard, in bytes
  public OutboundMemory(ByteBufAllocator allocator, MemoryShare share, long limit) {
    this.allocator = allocator;
    this.share = share;
    this.limit = limit;
    this.log =
        new RateLimitedLog(
            LoggerFactory.getLogger(OutboundMemory.class), TELL_EVERY, System::nanoTime);
  }

  /// A direct buffer of exactly this size, for a heap buffer would be copied for each socket. It is
  /// given back with [#walked] or [#release]. A single one that is larger than the limit is
  /// allocated when nothing else is held.
  public ByteBuf allocate(int bytes) {
    long cost = cost(bytes);
    if (used() + cost > limit) {
      makeRoom(limit - limit / 8 - cost);
    }
    ByteBuf buffer;
    try {
      buffer = allocator.directBuffer(bytes, bytes);
    } catch (OutOfMemoryError e) {
      // The pool has more in use than we count, or others have: a failure at once, no wait.
      makeRoom(used() / 2);
      buffer = allocator.directBuffer(bytes, bytes);
    }
    buffers += cost;
    return buffer;
  }

  /// A shared buffer has been offered to all who are due it. Its owner has nothing more to do with
  /// it.
  void walked(ByteBuf shared) {
    if (!giveBack(shared)) {
      fresh.add(shared);
    }
  }

  /// Gives back a buffer that went to nobody.
  public void release(ByteBuf own) {
    buffers -= cost(own.capacity());
    own.release();
  }

  /// A buffer of this size that belonged to one queue alone is gone.
  public void taken(int bytes) {
    buffers -= cost(bytes);
  }

  /// Something waits for a client after it was offered: it is watched until nothing does.
  public void behind(OutboundQueue queue) {
    behind.computeIfAbsent(queue, late -> new Watch(late.drainedBytes()));
  }

  /// A client's connection is gone, and what it held.
  public void left(OutboundQueue queue) {
    if (behind.remove(queue) != null) {
      look(behind.isEmpty() ? held.size() : LOOKS);
    }
  }

  /// Whether there is room for what clients ask to be sent again.
  public boolean hasRoomForReplays() {
    return hasRoomForReplays(0);
  }

  /// The same beside so much that was begun and is not here yet.
  public boolean hasRoomForReplays(long begunBytes) {
    return used() + begunBytes <= soft();
  }

  /// What may be held, in bytes.
  public long limit() {
    return limit;
  }

  /// Cuts one that takes nothing, for others wait for its room. Not to be called during a fan-out.
  public void cutForRoom(OutboundQueue queue) {
    cut(queue);
    look(held.size());
  }

  private void cut(OutboundQueue queue) {
    writes = Math.max(0, writes - (long) queue.pendingWrites() * OBJECTS);
    share.refused();
    tell("cut");
    queue.cut();
    behind.remove(queue);
  }

  /// Looks whether shared buffers have been taken by all. Called at the end of each turn.
  void settle() {
    if (!fresh.isEmpty()) {
      for (ByteBuf buffer : fresh) {
        if (!giveBack(buffer)) {
          held.addLast(buffer);
        }
      }
      fresh.clear();
    }
    if (!held.isEmpty()) {
      look(LOOKS);
    }
  }

  /// Called once a second.
  void tick() {
    look(held.size());
    writes = 0;
    behind
        .entrySet()
        .removeIf(
            one -> {
              long pending = one.getKey().pendingBytes();
              watch(one.getKey(), one.getValue());
              return pending == 0;
            });
    shortSeconds = used() > soft() ? shortSeconds + 1 : 0;
    if (shortSeconds > 0) {
      closeGreediest();
    }
    share.note(used() - noted);
    noted = used();
  }

  /// What is held, in bytes.
  long used() {
    return buffers + writes;
  }

  private long soft() {
    return limit - limit / 4;
  }

  private void watch(OutboundQueue queue, Watch watch) {
    long drained = queue.drainedBytes();
    watch.stuckSeconds = drained > watch.drained ? 0 : watch.stuckSeconds + 1;
    watch.drained = drained;
    writes += (long) queue.pendingWrites() * OBJECTS;
  }

  /// At first only those that take nothing at all. But who takes a little must not keep replays
  /// from others for ever.
  private void closeGreediest() {
    long over = used() - soft();
    for (OutboundQueue queue : greediestFirst()) {
      Watch watch = behind.get(queue);
      if (over > 0 && watch != null && (isStuck(queue) || shortSeconds > PATIENCE_SECONDS)) {
        over -= queue.pendingBytes();
        if (!watch.isClosed) { // who says goodbye may take a while for it
          watch.isClosed = true;
          share.refused();
          tell("closed");
          queue.closeSlow();
        }
      }
    }
  }

  /// Cuts the greediest until no more than this is used, or nobody has anything waiting.
  private void makeRoom(long most) {
    settle();
    look(held.size());
    long target = Math.max(0, most);
    if (used() <= target) {
      return;
    }
    List<OutboundQueue> queues = greediestFirst();
    int cut = 0;
    while (used() > target && cut < queues.size()) {
      cut(queues.get(cut++));
      if (cut % LOOKS == 0 || cut == queues.size()) {
        look(held.size());
      }
    }
    look(held.size());
  }

  private boolean isStuck(OutboundQueue queue) {
    Watch watch = behind.get(queue);
    return watch != null && watch.stuckSeconds >= STUCK_SECONDS;
  }

  private List<OutboundQueue> greediestFirst() {
    return GreediestQueues.first(behind.keySet(), this::isStuck);
  }

  private void tell(String what) {
    log.warn(
        "Outbound memory is short: clients that do not take what is sent to them are "
            + what
            + ", those whose keys and addresses have most waiting first");
  }

  /// Gives back those of the oldest held buffers that all have taken.
  private void look(int most) {
    for (int i = Math.min(most, held.size()); i > 0; i--) {
      ByteBuf buffer = held.removeFirst();
      if (!giveBack(buffer)) {
        held.addLast(buffer);
      }
    }
  }

  /// False when somebody still holds it.
  private boolean giveBack(ByteBuf shared) {
    if (shared.refCnt() > 1) {
      return false;
    }
    release(shared);
    return true;
  }

  private static long cost(int bytes) {
    if (bytes > LARGEST_CLASS) {
      return (long) bytes + bytes / 8 + OBJECTS;
    }
    return OBJECTS
        + (bytes <= SMALLEST_CLASS ? SMALLEST_CLASS : Integer.highestOneBit(bytes - 1) << 1);
  }
}
