package dev.pushgate.core.shard;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.RelayListener;

/// Brings what comes through the relay to the homes. Thread-safe.
public final class Arrivals implements RelayListener {
  private final Shards shards;

  public Arrivals(Shards shards) {
    this.shards = shards;
  }

  @Override
  public boolean arrived(Arrival arrival) {
    ShardMessage.Arrived message = new ShardMessage.Arrived(arrival);
    return shards.homeOf(message.key()).postArrival(message);
  }

  @Override
  public void confirmed(ChannelKey key) {
    shards.homeOf(key).post(new ShardMessage.Confirmed(key));
  }

  @Override
  public void missed(ChannelKey key) {
    shards.homeOf(key).post(new ShardMessage.Missed(key));
  }

  @Override
  public void doubtful(ChannelKey key) {
    shards.homeOf(key).post(new ShardMessage.Doubtful(key));
  }

  @Override
  public void ended(ChannelKey key) {
    shards.homeOf(key).post(new ShardMessage.Ended(key));
  }
}
