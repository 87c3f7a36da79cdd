package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a home has around it: the shard it lives on, the shards its members live on, and the store
/// or the relay that has its stream.
/// What is sent to one shard arrives there in the order it was sent; every callback comes back on
/// the home's thread.
public interface HomeHost {
  /// What time it is, in milliseconds since 1970. It may be set, so nothing is to last by it.
  long nowMs();

  /// Milliseconds of a clock that is never set: only differences mean something.
  long steadyMs();

  /// A new opaque epoch, never given before.
  String newEpoch();

  /// A new message id, never given before.
  String newMessageId();

  int shards();

  HomeLimits limits();

  LogBudget logBudget();

  IdempotencyWindow idempotency();

  StoreBacklog storeBacklog();

  /// Takes note of a publication that got its place in the stream.
  void published(EncodedFrames frames);

  /// Hands a publication to a shard with members. False when that shard has no room at the moment;
  /// then the host calls [ChannelHome#catchUp] when it has.
  boolean deliver(int shard, EncodedFrames frames);

  /// Takes note of how many members the channel has now.
  void membersChanged(ChannelKey key, int members);

  void joined(JoinRequest request, JoinAnswer answer);

  void joinRefused(JoinRequest request, Outcome.Refused<?> refused);

  /// Tells a shard's members that they cannot be given `from` to `to`, both included.
  void gap(int shard, ChannelKey key, String epoch, long from, long to);

  /// Tells a shard that the channel is gone; it answers with a leave for each member.
  void remove(int shard, ChannelKey key);

  /// Tells a shard's members that the stream goes on behind `head`, which is in a new epoch.
  void moved(int shard, ChannelKey key, StreamPosition head);

  /// Takes note that a channel turned out to be declared, or to be so no more.
  void declared(ChannelKey key, @Nullable DeclaredChannel channel);

  void open(ChannelKey key, StoreCallback<Optional<OpenedStream>> callback);

  /// The callback of what the store refuses at once is called before this returns: so no offset is
  /// given behind one that is free again.
  void append(
      Publication publication, @Nullable RememberedAnswer answer, StoreCallback<Void> callback);

  void declare(DeclaredChannel channel, StreamPosition start, StoreCallback<Boolean> callback);

  void beginEpoch(
      ChannelKey key, StreamPosition found, String epoch, StoreCallback<Boolean> callback);

  void delete(ChannelKey key, StoreCallback<Boolean> callback);

  /// Whether a relay puts the streams in order, rather than this node.
  boolean followsRelay();

  /// Begins to bring this channel's publications to its home, as
  /// [dev.pushgate.core.relay.RelayStreams#follow].
  void follow(ChannelKey key);

  void unfollow(ChannelKey key);

  void read(ChannelKey key, @Nullable Seen seen, StoreCallback<StreamSlice> callback);

  /// Runs `task` of this channel's home later; without a delay behind what waits at the shard now,
  /// in another turn if this one has handed out its bytes.
  void runLater(ChannelKey key, Runnable task, Duration delay);

  /// What came of asking the store or the relay: a value, or why there is none.
  @FunctionalInterface
  interface StoreCallback<T> {
    void accept(@Nullable T value, @Nullable Throwable failure);
  }
}
