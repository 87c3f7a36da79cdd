package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// How many members a channel has on each shard, what they are told, and which shards are behind:
/// those that had no room for a publication and must be given it later. Confined to its home.
final class ShardMembership {
  /// What is counted for one shard; there is none for a shard that never had a member.
  private static final class OnShard {
    int members;
    /// The first offset that the shard was not given; 0 while it has everything.
    long behindFrom;
    /// Null while there was never one.
    @Nullable SequencedSet<JoinRequest> parked;
  }

  private final ChannelKey key;
  private final HomeHost host;
  private final @Nullable OnShard[] shards;
  private final List<WireFormat> formats = new ArrayList<>(1);
  private int total;

  ShardMembership(ChannelKey key, HomeHost host) {
    this.key = key;
    this.host = host;
    this.shards = new OnShard[host.shards()];
  }

  int total() {
    return total;
  }

  private boolean hasMembers(int shard) {
    OnShard found = shards[shard];
    return found != null && found.members > 0;
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
  private long behindFrom(int shard) {
    OnShard found = shards[shard];
    return found == null ? 0 : found.behindFrom;
  }

  private void setBehind(int shard, long from) {
    onShard(shard).behindFrom = from;
  }

  /// Encodes a publication, once for all shards. What fails here has changed nothing yet.
  void encode(EncodedFrames frames) {
    if (total > 0) {
      formats.forEach(frames::in); // those that members have or had
    }
  }

  /// Hands an encoded publication to every shard with members.
  void deliver(EncodedFrames frames) {
    for (int shard = 0; shard < shards.length; shard++) {
      if (hasMembers(shard) && !isBehind(shard) && !host.deliver(shard, frames)) {
        setBehind(shard, frames.offset());
      }
    }
  }

  /// Gives a shard what it is behind. True when it has everything again; what the recent log no
  /// longer holds becomes a gap.
  boolean repair(int shard, StreamPosition head, RecentLog log) {
    long from = behindFrom(shard);
    List<EncodedFrames> missed = log.newest(head.offset() - from + 1);
    long firstLeft = head.offset() - missed.size() + 1;
    if (firstLeft > from) {
      host.gap(shard, key, head.epoch(), from, firstLeft - 1);
    }
    for (EncodedFrames frames : missed) {
      if (!host.deliver(shard, frames)) {
        setBehind(shard, frames.offset());
        return false;
      }
    }
    setBehind(shard, 0);
    return true;
  }

  /// Tells all members of publications that they cannot be given. A shard that is behind is told
  /// when it is repaired.
  void tellGap(String epoch, long from, long to) {
    for (int shard = 0; shard < shards.length; shard++) {
      if (hasMembers(shard) && !isBehind(shard)) {
        host.gap(shard, key, epoch, from, to);
      }
    }
  }

  /// Tells all members that the stream goes on behind `head`, in a new epoch.
  void tellMoved(StreamPosition head) {
    for (int shard = 0; shard < shards.length; shard++) {
      if (hasMembers(shard)) {
        setBehind(shard, 0);
        host.moved(shard, key, head);
      }
    }
  }

  /// Tells all members that the channel is gone.
  void tellRemoved() {
    for (int shard = 0; shard < shards.length; shard++) {
      if (hasMembers(shard)) {
        setBehind(shard, 0);
        host.remove(shard, key);
      }
    }
  }

  /// Keeps a join until its shard has caught up: what it is behind would otherwise reach the new
  /// member twice. False, and nothing happens, when `limit` joins of its shard are kept.
  boolean park(JoinRequest request, int limit) {
    OnShard shard = onShard(request.shard());
    SequencedSet<JoinRequest> parked = shard.parked;
    if (parked == null) {
      parked = new LinkedHashSet<>();
      shard.parked = parked;
    }
    return parked.size() < limit && parked.add(request);
  }

  /// Forgets a join, if it is kept.
  void unpark(JoinRequest request) {
    OnShard found = shards[request.shard()];
    if (found != null && found.parked != null) {
      found.parked.remove(request);
    }
  }

  @Nullable JoinRequest nextParked(int shard) {
    SequencedSet<JoinRequest> parked = onShard(shard).parked;
    return parked == null || parked.isEmpty() ? null : parked.removeFirst();
  }

  boolean hasParked() {
    for (OnShard shard : shards) {
      if (shard != null && shard.parked != null && !shard.parked.isEmpty()) {
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
