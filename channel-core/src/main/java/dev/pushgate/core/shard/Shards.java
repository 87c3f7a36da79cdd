package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Answer;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The shards of a node, and what can be asked of a channel's home from any thread. Thread-safe;
/// answers are given on the loop of the channel's home.
public final class Shards {
  private final List<Shard> shards;

  /// @param loops one for each shard
  public Shards(List<ShardLoop> loops, ShardSetup setup) {
    Shard[] made = new Shard[loops.size()];
    this.shards =
        java.util.Arrays.asList(made); // shards know each other: the list fills as they are made
    for (int i = 0; i < made.length; i++) {
      made[i] = new Shard(i, loops.get(i), this, setup);
    }
  }

  /// Begins to drop what grows old. Called once.
  public void start() {
    forEach(Shard::start);
  }

  public int count() {
    return shards.size();
  }

  public Shard get(int index) {
    return shards.get(index);
  }

  public void forEach(Consumer<Shard> action) {
    shards.forEach(action);
  }

  /// Refused when too much waits at the home's shard already, of the publisher's most of all.
  public void publish(PublishRequest request, Answer<Published> answer) {
    Outcome.Refused<?> full =
        homeOf(request.key()).postPublish(new ShardMessage.Publish(request, answer));
    if (full != null) {
      answer.give(full.as());
    }
  }

  public void declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) {
    homeOf(channel.key()).post(new ShardMessage.Declare(channel, answer));
  }

  public void delete(ChannelKey key, Answer<ChannelKey> answer) {
    homeOf(key).post(new ShardMessage.Delete(key, answer));
  }

  public void askPosition(ChannelKey key, Answer<Optional<StreamPosition>> answer) {
    homeOf(key).post(new ShardMessage.AskPosition(key, answer));
  }

  /// Has every member of the channel asked again whether it may be one.
  public void revisit(ChannelKey key) {
    forEach(shard -> shard.post(new ShardMessage.Revisit(key)));
  }

  /// The loop of a channel's home.
  public ShardLoop loopOf(ChannelKey key) {
    return homeOf(key).loop();
  }

  Shard homeOf(ChannelKey key) {
    return shards.get(key.homeOf(shards.size()));
  }
}
