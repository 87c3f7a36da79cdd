package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for a lane, in the order of the calls; bounded in jobs and bytes. Thread-safe; only
/// [#take] blocks.
final class LaneQueue {
  /// As many as make one commit worth its sync, and no more than one statement's round trip should
  /// carry.
  private static final int BATCH_JOBS = 256;

  private static final long BATCH_BYTES = 4 << 20;

  private final int maxJobs;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final ArrayDeque<Job> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  LaneQueue(int maxJobs, long maxBytes) {
    this.maxJobs = maxJobs;
    this.maxBytes = maxBytes;
  }

  /// False when there is no room, or the queue is closed.
  boolean offer(Job job) {
    lock.lock();
    try {
      if (closed || !hasRoom(job)) {
        return false;
      }
      waiting.add(job);
      bytes += job.weight();
      something.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// An empty queue takes whatever comes: else a message that weighs more than the queue may hold
  /// would be refused for ever.
  private boolean hasRoom(Job job) {
    return waiting.isEmpty() || (waiting.size() < maxJobs && bytes + job.weight() <= maxBytes);
  }

  /// Waits for work, and takes either one job or those at the head that are committed together, as
  /// many as make a batch. Empty when the queue is closed and nothing waits any more.
  List<Job> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return List.of();
        }
        something.await();
      }
      return nextBatch();
    } finally {
      lock.unlock();
    }
  }

  private List<Job> nextBatch() {
    List<Job> batch = new ArrayList<>();
    Job first = poll();
    batch.add(first);
    long batchBytes = first.weight();
    Job next = waiting.peek();
    while (next != null
        && first.isCommittedWith(next)
        && batch.size() < BATCH_JOBS
        && batchBytes + next.weight() <= BATCH_BYTES) {
      batch.add(poll());
      batchBytes += next.weight();
      next = waiting.peek();
    }
    return batch;
  }

  private Job poll() {
    Job job = waiting.remove();
    bytes -= job.weight();
    return job;
  }

  /// Takes out the jobs that were asked for before `calledBeforeNanos`: they are at the head.
  List<Job> takeOverdue(long calledBeforeNanos) {
    lock.lock();
    try {
      List<Job> overdue = new ArrayList<>();
      while (!waiting.isEmpty() && waiting.element().calledAtNanos() - calledBeforeNanos < 0) {
        overdue.add(poll());
      }
      return overdue;
    } finally {
      lock.unlock();
    }
  }

  /// Takes out the appends to these channels.
  List<Job> takeAppends(Set<ChannelKey> channels) {
    lock.lock();
    try {
      List<Job> taken = new ArrayList<>();
      for (Job job : waiting) {
        if (job instanceof Job.Append append && channels.contains(append.publication().key())) {
          taken.add(job);
          bytes -= job.weight();
        }
      }
      if (!taken.isEmpty()) {
        Set<Job> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        gone.addAll(taken);
        waiting.removeIf(gone::contains);
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  int jobs() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more; what waits is still given out.
  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
