package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// The last publications of one channel, without holes, for resume and rewind. Bounded in count,
/// bytes and age, and by what its shard has for all. Confined to its home.
final class RecentLog {
  private final LogBudget.OfApp budget;
  private final int maxMessages;
  private final long maxBytes;
  private final Deque<LogBudget.Entry> entries = new ArrayDeque<>(0);
  private long bytes;

  RecentLog(LogBudget.OfApp budget, int maxMessages, long maxBytes) {
    this.budget = budget;
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /// Adds the publication that follows the newest one.
  ///
  /// @param publisher on whose account it is
  public void append(EncodedFrames frames, MemoryHolder publisher, long nowMs) {
    LogBudget.Entry entry = new LogBudget.Entry(this, frames, nowMs);
    entries.addLast(entry);
    bytes += entry.weight;
    budget.add(entry, publisher);
    while (entries.size() > maxMessages || bytes > maxBytes) {
      dropOldest();
    }
  }

  /// The newest `count` publications, oldest first; fewer when the log holds fewer.
  public List<EncodedFrames> newest(long count) {
    int wanted = (int) Math.min(count, entries.size());
    List<EncodedFrames> found = new ArrayList<>(wanted);
    Iterator<LogBudget.Entry> fromNewest = entries.descendingIterator();
    for (int i = 0; i < wanted; i++) {
      found.add(fromNewest.next().frames);
    }
    Collections.reverse(found);
    return found;
  }

  /// As [#newest] for one who will have them encoded in this format.
  List<EncodedFrames> replay(long count, WireFormat format) {
    List<EncodedFrames> found = newest(count);
    Iterator<LogBudget.Entry> fromNewest = entries.descendingIterator();
    for (int i = 0; i < found.size(); i++) {
      budget.willBeIn(format, fromNewest.next());
    }
    budget.keepWithinLimit();
    return found;
  }

  /// The id of the publication that has `newer` newer ones in this log.
  String idBehind(int newer) {
    Iterator<LogBudget.Entry> fromNewest = entries.descendingIterator();
    for (int i = 0; i < newer; i++) {
      fromNewest.next();
    }
    return fromNewest.next().frames.publication().id();
  }

  public int size() {
    return entries.size();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public void clear() {
    while (!entries.isEmpty()) {
      dropOldest();
    }
  }

  /// Drops an entry of this log and all that are older.
  ///
  /// @return how many
  int dropThrough(LogBudget.Entry entry) {
    int dropped = 0;
    boolean isLast;
    do {
      isLast = entry.equals(entries.getFirst());
      dropOldest();
      dropped++;
    } while (!isLast);
    return dropped;
  }

  private void dropOldest() {
    LogBudget.Entry entry = entries.removeFirst();
    bytes -= entry.weight;
    budget.remove(entry);
  }
}
