package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.NotedBytes;

/// How much of one kind one shard's clients have waiting, against the shard's limit of it. Confined
/// to its shard's loop.
final class OutboundTally {
  private final MemoryShare share;
  private final NotedBytes noted;
  private final long limit;
  private final int eighths;
  private long used;
  private int shortSeconds;

  /// @param share of all shards; this one shows what it holds there
  /// @param shards how many divide it
  /// @param eighths of the limit that are in use when room has been made
  OutboundTally(MemoryShare share, int shards, int eighths) {
    this.share = share;
    this.noted = new NotedBytes(share);
    this.limit = share.limitBytes() / shards;
    this.eighths = eighths;
  }

  MemoryKind kind() {
    return share.kind();
  }

  long limit() {
    return limit;
  }

  long used() {
    return used;
  }

  void add(long bytes) {
    used += bytes;
  }

  boolean hasRoomFor(long bytes) {
    return used + bytes <= limit;
  }

  /// What may be used when room is made for so much: not the whole limit, or room would have to be
  /// made again for the next.
  long mostFor(long bytes) {
    return Math.max(0, limit / 8 * eighths - bytes);
  }

  /// By how much three quarters of the limit are exceeded; 0 or less when they are not.
  long overSoft() {
    return used - (limit - limit / 4);
  }

  /// For how many seconds that has been so. Called once a second.
  int secondsShort() {
    shortSeconds = overSoft() > 0 ? shortSeconds + 1 : 0;
    return shortSeconds;
  }

  /// Shows what is held.
  void note() {
    noted.now(used);
  }

  /// Counts somebody who was cut or closed for want of it.
  void refused() {
    share.refused();
  }
}
