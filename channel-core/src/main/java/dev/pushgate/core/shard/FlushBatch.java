package dev.pushgate.core.shard;

import dev.pushgate.core.publication.EncodedFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/// What a shard's members are due in this turn. All frames of a channel are laid end to end in one
/// buffer, and each subscriber gets one write of it: K frames to N subscribers are N writes.
/// Confined to its shard.
final class FlushBatch {
  private final ByteBufAllocator allocator;
  private final ShardObserver observer;
  private final List<SubscriberSet> dirty = new ArrayList<>();
  private final List<Subscriber> slow = new ArrayList<>();

  FlushBatch(ByteBufAllocator allocator, ShardObserver observer) {
    this.allocator = allocator;
    this.observer = observer;
  }

  void add(SubscriberSet set, EncodedFrames frames, long acceptedNanos) {
    if (set.due.isEmpty()) {
      set.dueSinceNanos = acceptedNanos;
      dirty.add(set);
    }
    set.due.add(frames);
    set.moveTo(frames.publication().position());
  }

  /// Writes what a channel's members are due, before that channel's members change.
  void flush(SubscriberSet set) {
    if (!set.due.isEmpty()) {
      dirty.remove(set);
      write(set, true);
    }
  }

  /// Writes everything, and then closes who has not kept up.
  void flush() {
    try {
      if (dirty.size() == 1) {
        write(dirty.getFirst(), true);
      } else {
        // Two walks, so that a subscriber of several channels gets one flush of all.
        dirty.forEach(set -> write(set, false));
        dirty.forEach(this::flushSubscribers);
      }
    } finally {
      dirty.clear();
    }
    closeSlow();
  }

  /// Closes who has not kept up. Never during a walk: closing changes the sets.
  private void closeSlow() {
    for (int i = 0; i < slow.size(); i++) {
      slow.get(i).closeSlow();
    }
    slow.clear();
  }

  private void write(SubscriberSet set, boolean flush) {
    try {
      long bytes = 0;
      for (SubscriberSet.Group group : set.groups()) {
        if (group.size() > 0) {
          bytes += write(set, group, flush);
        }
      }
      observer.fannedOut(set.due.size(), set.size(), bytes, System.nanoTime() - set.dueSinceNanos);
    } finally {
      set.due.clear();
    }
  }

  private long write(SubscriberSet set, SubscriberSet.Group group, boolean flush) {
    ByteBuf frames = endToEnd(set, group);
    try {
      for (int i = 0; i < group.size(); i++) {
        Subscriber subscriber = group.subscriber(i);
        subscriber.write(frames);
        if (flush) {
          flush(subscriber);
        }
      }
      return (long) frames.readableBytes() * group.size();
    } finally {
      frames.release();
    }
  }

  /// Direct, for a heap buffer would be copied for each socket.
  private ByteBuf endToEnd(SubscriberSet set, SubscriberSet.Group group) {
    int length = 0;
    for (EncodedFrames frames : set.due) {
      length += frames.in(group.format).length;
    }
    ByteBuf buffer = allocator.directBuffer(length, length);
    for (EncodedFrames frames : set.due) {
      buffer.writeBytes(frames.in(group.format));
    }
    return buffer;
  }

  private void flushSubscribers(SubscriberSet set) {
    for (SubscriberSet.Group group : set.groups()) {
      for (int i = 0; i < group.size(); i++) {
        flush(group.subscriber(i));
      }
    }
  }

  private void flush(Subscriber subscriber) {
    subscriber.flush();
    if (subscriber.isSlow()) {
      slow.add(subscriber);
    }
  }
}
