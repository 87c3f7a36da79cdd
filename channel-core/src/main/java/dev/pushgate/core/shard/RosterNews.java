package dev.pushgate.core.shard;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Brings what rosters tell to the homes. Changes are held to the budget of what waits for a shard;
/// when there is no room, the channel's home reads the roster a second later. Thread-safe.
public final class RosterNews implements RosterListener {
  private static final Duration CATCH_UP = Duration.ofSeconds(1);

  private final Shards shards;

  /// Channels whose home has missed changes and was not told so yet.
  private final Set<ChannelKey> owed = ConcurrentHashMap.newKeySet();

  public RosterNews(Shards shards) {
    this.shards = shards;
  }

  @Override
  public void changed(RosterChange change) {
    ChannelKey key = change.key();
    Shard home = shards.homeOf(key);
    if (!home.postChange(new ShardMessage.RosterChanged(change)) && owed.add(key)) {
      home.loop().runLater(() -> pay(home, key), CATCH_UP);
    }
  }

  private void pay(Shard home, ChannelKey key) {
    owed.remove(key); // first: what is dropped from now on is owed anew
    home.post(new ShardMessage.RosterDoubtful(key));
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
