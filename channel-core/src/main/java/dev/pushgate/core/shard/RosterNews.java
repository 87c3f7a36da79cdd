package dev.pushgate.core.shard;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterListener;

/// Brings what rosters tell to the homes. Thread-safe.
public final class RosterNews implements RosterListener {
  private final Shards shards;

  public RosterNews(Shards shards) {
    this.shards = shards;
  }

  @Override
  public void changed(RosterChange change) {
    shards.homeOf(change.key()).post(new ShardMessage.RosterChanged(change));
  }

  @Override
  public void doubtful(ChannelKey key) {
    shards.homeOf(key).post(new ShardMessage.RosterDoubtful(key));
  }

  @Override
  public void holds(ChannelKey key, MemberId member) {
    shards.homeOf(key).post(new ShardMessage.RosterHolds(key, member));
  }
}
