package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.relay.Seen;
import org.jspecify.annotations.Nullable;

/// One channel that this node follows, and the newest that was seen of its stream. Thread-safe.
final class Followed {
  private final ChannelKey key;
  private final byte[] newEpochBody;
  private volatile @Nullable Seen seen;

  /// @param newEpochBody what a script is given to tell that the stream goes on in another epoch
  Followed(ChannelKey key, byte[] newEpochBody) {
    this.key = key;
    this.newEpochBody = newEpochBody;
  }

  ChannelKey key() {
    return key;
  }

  /// Made once, for each publish brings it along. To be read only.
  byte[] newEpochBody() {
    return newEpochBody;
  }

  @Nullable Seen seen() {
    return seen;
  }

  /// Something newer was seen. Within an epoch it never goes back: what comes late is old.
  synchronized void saw(StreamPosition position, String id) {
    Seen before = seen;
    if (before == null
        || !before.position().epoch().equals(position.epoch())
        || before.position().offset() <= position.offset()) {
      seen = new Seen(position, id);
    }
  }

  /// Whether a head that was told after `before` was seen is one that is known here.
  boolean knows(@Nullable Seen before, StreamPosition head, String headId) {
    Seen now = seen;
    if (before == null || now == null) {
      return true; // its home has not read it yet
    }
    boolean same =
        before.position().equals(head) && (before.id().isEmpty() || before.id().equals(headId));
    boolean past =
        now.position().epoch().equals(head.epoch()) && now.position().offset() >= head.offset();
    return same || (past && !now.equals(before));
  }
}
