package dev.pushgate.core.shard;

import dev.pushgate.core.channel.WaitingLimit;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
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
  private final WaitingLimit publishes;

  /// @param turn takes messages until [#rest] lets it stop
  /// @param maxBytes how many bytes of publications may wait; twice as many of publishes
  /// @param waiting what all publishes that wait have taken of
  Mailbox(ShardLoop loop, Runnable turn, long maxBytes, MemoryShare waiting) {
    this.loop = loop;
    this.turn = turn;
    this.maxBytes = maxBytes;
    this.publishes = new WaitingLimit(waiting, 2 * maxBytes);
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

  /// Posts a publish, if there is room for it. Publishes are counted apart: what is published
  /// already must not wait for what may be refused.
  ///
  /// @return why there is none; null when there was
  Outcome.@Nullable Refused<?> postPublish(ShardMessage.Publish message) {
    PublishRequest request = message.request();
    int bytes = request.weight();
    Outcome.Refused<?> refusal = publishes.refusal(request.holder(), publishBytes.get(), bytes);
    if (refusal == null) {
      publishBytes.addAndGet(bytes);
      post(message);
    }
    return refusal;
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

  /// How many bytes of publications wait; without publishes, which are counted where they begin.
  long bytes() {
    return pendingBytes.get();
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
