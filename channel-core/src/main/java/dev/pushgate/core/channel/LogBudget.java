package dev.pushgate.core.channel;

import dev.pushgate.core.publication.EncodedFrames;
import org.jspecify.annotations.Nullable;

/// What all recent logs of a shard may hold together. It keeps their entries in one list by age, so
/// that the oldest of all is found without looking at any channel. Confined to its shard.
public final class LogBudget {

  /// One publication in one recent log. The list runs through the entries themselves: taking one
  /// out costs the same however many there are.
  static final class Entry {
    final RecentLog log;
    final EncodedFrames frames;
    final long addedAtMs;
    final int weight;
    private @Nullable Entry older;
    private @Nullable Entry newer;

    Entry(RecentLog log, EncodedFrames frames, long addedAtMs) {
      this.log = log;
      this.frames = frames;
      this.addedAtMs = addedAtMs;
      this.weight = frames.publication().weight();
    }
  }

  private final long maxBytes;
  private final long maxAgeMs;
  private @Nullable Entry oldest;
  private @Nullable Entry newest;
  private long bytes;

  public LogBudget(long maxBytes, long maxAgeMs) {
    this.maxBytes = maxBytes;
    this.maxAgeMs = maxAgeMs;
  }

  /// How many bytes the shard's recent logs hold.
  public long bytes() {
    return bytes;
  }

  /// Drops what is older than its age. Called now and then.
  public void expire(long nowMs) {
    while (oldest != null && oldest.addedAtMs + maxAgeMs <= nowMs) {
      oldest.log.dropOldest();
    }
  }

  void add(Entry entry) {
    entry.older = newest;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
    bytes += entry.weight;
    // Entries are added in the order of their age, so the oldest of all is the oldest of its own
    // log.
    while (bytes > maxBytes && oldest != null) {
      oldest.log.dropOldest();
    }
  }

  void remove(Entry entry) {
    if (entry.older == null) {
      oldest = entry.newer;
    } else {
      entry.older.newer = entry.newer;
    }
    if (entry.newer == null) {
      newest = entry.older;
    } else {
      entry.newer.older = entry.older;
    }
    entry.older = null;
    entry.newer = null;
    bytes -= entry.weight;
  }
}
