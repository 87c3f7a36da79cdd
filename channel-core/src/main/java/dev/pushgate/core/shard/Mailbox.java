package dev.pushgate.core.shard;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/// What other shards and threads leave for a shard: one queue, and one armed task that empties it,
/// so that a burst of messages wakes a sleeping loop once. Any thread may post; only the shard
/// takes.
final class Mailbox {
  private static final int CHUNK = 1024;

  private final MpscUnboundedArrayQueue<ShardMessage> queue = new MpscUnboundedArrayQueue<>(CHUNK);
  private final AtomicBoolean armed = new AtomicBoolean();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final AtomicLong publishBytes = new AtomicLong();
  private final ShardLoop loop;
  private final Runnable turn;
  private final long maxBytes;

  /// @param turn takes messages until [#rest] lets it stop
  /// @param maxBytes how many bytes of publications may wait
  Mailbox(ShardLoop loop, Runnable turn, long maxBytes) {
    this.loop = loop;
    this.turn = turn;
    this.maxBytes = maxBytes;
  }

  void post(ShardMessage message) {
    queue.offer(message);
    arm();
  }

  /// Posts a publication unless too many bytes wait already. False then.
  boolean postWithinBudget(ShardMessage message, int bytes) {
    if (pendingBytes.get() >= maxBytes) {
      return false;
    }
    pendingBytes.addAndGet(bytes);
    post(message);
    return true;
  }

  /// Posts a publish unless twice as many bytes of them wait already as of publications. False
  /// then. They are counted apart: what is published already must not wait for what may be refused.
  boolean postPublish(ShardMessage message, int bytes) {
    if (publishBytes.get() >= maxBytes * 2) {
      return false;
    }
    publishBytes.addAndGet(bytes);
    post(message);
    return true;
  }

  /// Gives back what [#postPublish] took.
  void releasePublish(int bytes) {
    publishBytes.addAndGet(-bytes);
  }

  @Nullable ShardMessage poll() {
    return queue.poll();
  }

  /// Gives back what [#postWithinBudget] took.
  void release(int bytes) {
    pendingBytes.addAndGet(-bytes);
  }

  /// How many bytes of publications wait.
  long bytes() {
    return pendingBytes.get() + publishBytes.get();
  }

  /// Whether the shard takes publications again after it did not: at half of its budget, so that it
  /// does not hover around the limit.
  boolean hasRoom() {
    return pendingBytes.get() <= maxBytes / 2;
  }

  /// Ends a turn. What is left, or came meanwhile, gets another one after I/O had its chance.
  void rest() {
    if (!queue.isEmpty()) {
      loop.runAfterIo(turn);
      return;
    }
    armed.set(false);
    if (!queue.isEmpty()) {
      arm();
    }
  }

  int size() {
    return queue.size();
  }

  private void arm() {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      loop.runAfterIo(turn);
    }
  }
}
