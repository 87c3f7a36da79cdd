package dev.pushgate.core.channel;

import dev.pushgate.core.publication.WireFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many members a channel has on each shard, and which shards are behind: those that had no
/// room for a publication and must be given it later. Confined to its home.
final class ShardMembership {
  /// What is counted for one shard; there is none for a shard that never had a member.
  private static final class OnShard {
    int members;
    /// The first offset that the shard was not given; 0 while it has everything.
    long behindFrom;
    final Deque<JoinRequest> parked = new ArrayDeque<>(0);
  }

  private final @Nullable OnShard[] shards;
  private final List<WireFormat> formats = new ArrayList<>(1);
  private int total;

  ShardMembership(int shards) {
    this.shards = new OnShard[shards];
  }

  int total() {
    return total;
  }

  int shards() {
    return shards.length;
  }

  boolean hasMembers(int shard) {
    OnShard found = shards[shard];
    return found != null && found.members > 0;
  }

  /// The wire formats that members have or had.
  List<WireFormat> formats() {
    return formats;
  }

  void add(JoinRequest request) {
    onShard(request.shard()).members++;
    total++;
    if (!formats.contains(request.wireFormat())) {
      formats.add(request.wireFormat());
    }
  }

  void remove(int shard) {
    OnShard found = onShard(shard);
    if (found.members == 0) {
      throw new IllegalStateException("a leave without a join on shard " + shard);
    }
    total--;
    if (--found.members == 0) {
      found.behindFrom = 0; // nobody is left there to miss anything
    }
  }

  boolean isBehind(int shard) {
    return behindFrom(shard) > 0;
  }

  /// The first offset that the shard was not given; 0 while it has everything.
  long behindFrom(int shard) {
    OnShard found = shards[shard];
    return found == null ? 0 : found.behindFrom;
  }

  void setBehind(int shard, long from) {
    onShard(shard).behindFrom = from;
  }

  /// Keeps a join until its shard has caught up: what it is behind would otherwise reach the new
  /// member twice. Those who gave up meanwhile make room; false, and nothing happens, when `limit`
  /// joins of its shard are kept still.
  boolean park(JoinRequest request, int limit) {
    Deque<JoinRequest> parked = onShard(request.shard()).parked;
    if (parked.size() >= limit && !parked.removeIf(JoinRequest::isGone)) {
      return false;
    }
    parked.addLast(request);
    return true;
  }

  @Nullable JoinRequest nextParked(int shard) {
    return onShard(shard).parked.pollFirst();
  }

  boolean hasParked() {
    for (OnShard shard : shards) {
      if (shard != null && !shard.parked.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private OnShard onShard(int shard) {
    OnShard found = shards[shard];
    if (found == null) {
      found = new OnShard();
      shards[shard] = found;
    }
    return found;
  }
}
