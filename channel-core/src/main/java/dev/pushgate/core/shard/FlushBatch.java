package dev.pushgate.core.shard;

import dev.pushgate.core.publication.Encoded;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// What a shard's members are due in this turn. All frames of a channel are laid end to end in one
/// buffer, and each subscriber gets one write of it: K frames to N subscribers are N writes.
///
/// Nothing here throws: who cannot be given what it is due is dismissed, and all others get theirs.
/// Confined to its shard.
final class FlushBatch {
  private final OutboundMemory memory;
  private final ShardObserver observer;
  private final Dismissals dismissals;
  private final List<SubscriberSet> dirty = new ArrayList<>();

  FlushBatch(OutboundMemory memory, ShardObserver observer, Dismissals dismissals) {
    this.memory = memory;
    this.observer = observer;
    this.dismissals = dismissals;
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

  /// Writes everything.
  void flush() {
    if (dirty.size() == 1) {
      write(dirty.getFirst(), true);
    } else {
      writeBeforeFlush();
    }
    dirty.clear();
  }

  /// Two walks, so that a subscriber of several channels gets one flush of all. But what waits for
  /// its flush takes memory too, also of those who are ready: as much as there is room for.
  private void writeBeforeFlush() {
    int flushed = 0;
    long unflushed = 0;
    for (int i = 0; i < dirty.size(); i++) {
      SubscriberSet set = dirty.get(i);
      if (memory.hasRoomForWrites(unflushed + set.size())) {
        write(set, false);
        unflushed += set.size();
      } else {
        dirty.subList(flushed, i).forEach(this::flushSubscribers);
        write(set, true);
        flushed = i + 1;
        unflushed = 0;
      }
    }
    dirty.subList(flushed, dirty.size()).forEach(this::flushSubscribers);
  }

  private void write(SubscriberSet set, boolean flush) {
    long bytes = 0;
    for (SubscriberSet.Group group : set.groups()) {
      if (group.size() > 0) {
        bytes += write(set, group, flush);
      }
    }
    int frames = set.due.size();
    set.due.clear();
    observer.fannedOut(frames, set.size(), bytes, System.nanoTime() - set.dueSinceNanos);
  }

  private long write(SubscriberSet set, SubscriberSet.Group group, boolean flush) {
    ByteBuf frames;
    try {
      frames = endToEnd(memory, set.due, group.format, group.size());
    } catch (Throwable e) {
      dismissals.fail(group, e);
      return 0;
    }
    // Asked once: who fails in this walk does not come again in it.
    boolean someFailed = dismissals.hasFailed();
    try {
      for (int i = 0; i < group.size(); i++) {
        Subscriber subscriber = group.subscriber(i);
        if (!someFailed || !dismissals.hasFailed(subscriber)) {
          write(frames, subscriber, flush);
        }
      }
      return (long) frames.readableBytes() * group.size();
    } finally {
      memory.walked(frames);
    }
  }

  private void write(ByteBuf frames, Subscriber subscriber, boolean flush) {
    try {
      subscriber.write(frames);
      if (flush) {
        flush(subscriber);
      }
    } catch (Throwable e) {
      dismissals.fail(subscriber, e);
    }
  }

  /// Frames end to end in a buffer that the caller gives back with [OutboundMemory#walked].
  static ByteBuf endToEnd(
      OutboundMemory memory, List<? extends Encoded> frames, WireFormat format, int receivers) {
    int length = 0;
    for (Encoded one : frames) {
      length += one.in(format).length; // all are encoded before there is a buffer to lose
    }
    ByteBuf buffer = memory.allocateShared(length, receivers);
    for (Encoded one : frames) {
      buffer.writeBytes(one.in(format));
    }
    return buffer;
  }

  private void flushSubscribers(SubscriberSet set) {
    for (SubscriberSet.Group group : set.groups()) {
      for (int i = 0; i < group.size(); i++) {
        Subscriber subscriber = group.subscriber(i);
        try {
          flush(subscriber);
        } catch (Throwable e) {
          dismissals.fail(subscriber, e);
        }
      }
    }
  }

  private void flush(Subscriber subscriber) {
    subscriber.flush();
    if (subscriber.isSlow()) {
      dismissals.slow(subscriber);
    }
  }
}
