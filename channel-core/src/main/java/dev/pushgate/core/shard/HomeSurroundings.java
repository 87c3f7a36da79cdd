package dev.pushgate.core.shard;

import dev.pushgate.core.channel.HomeHost;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.IdempotencyWindow;
import dev.pushgate.core.channel.JoinAnswer;
import dev.pushgate.core.channel.JoinRequest;
import dev.pushgate.core.channel.LogBudget;
import dev.pushgate.core.channel.StoreBacklog;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.relay.RelayStreams;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What the homes of one shard have around them. Confined to its shard; what the store answers
/// comes back through the shard's mailbox.
final class HomeSurroundings implements HomeHost {
  private final Shard shard;
  private final Shards shards;
  private final Homes homes;
  private final ShardSetup setup;
  private final String idPrefix;
  private long ids;

  HomeSurroundings(Shard shard, Shards shards, Homes homes, ShardSetup setup) {
    this.shard = shard;
    this.shards = shards;
    this.homes = homes;
    this.setup = setup;
    this.idPrefix = newEpoch() + "-";
  }

  @Override
  public long nowMs() {
    return setup.clock().millis();
  }

  @Override
  public long steadyMs() {
    return setup.steadyMs().getAsLong();
  }

  @Override
  public String newEpoch() {
    return OpaqueId.next(setup.random());
  }

  /// Unique by 64 random bits for each shard and start, and a counter.
  @Override
  public String newMessageId() {
    return idPrefix + Long.toString(++ids, Character.MAX_RADIX);
  }

  @Override
  public int shards() {
    return shards.count();
  }

  @Override
  public HomeLimits limits() {
    return setup.limits();
  }

  @Override
  public LogBudget logBudget() {
    return homes.logBudget();
  }

  @Override
  public IdempotencyWindow idempotency() {
    return homes.idempotency();
  }

  @Override
  public StoreBacklog storeBacklog() {
    return homes.storeBacklog();
  }

  @Override
  public void published(EncodedFrames frames) {
    shard.noteBytes(frames.publication().weight());
    setup.observer().published();
  }

  @Override
  public boolean deliver(int target, EncodedFrames frames) {
    Shard members = shards.get(target);
    if (members.deliver(shard, new ShardMessage.Deliver(frames, System.nanoTime()))) {
      return true;
    }
    setup.observer().heldBack();
    homes.noteBehind(target, frames.publication().key());
    members.heldBack();
    return false;
  }

  @Override
  public void membersChanged(ChannelKey key, int members) {
    setup.occupancy().set(key, members);
  }

  @Override
  public void joined(JoinRequest request, JoinAnswer answer) {
    tell(request.shard(), new ShardMessage.Joined((Subscription) request, answer));
  }

  @Override
  public void joinRefused(JoinRequest request, Outcome.Refused<?> refused) {
    tell(request.shard(), new ShardMessage.JoinRefused((Subscription) request, refused));
  }

  @Override
  public void gap(int target, ChannelKey key, String epoch, long from, long to) {
    tell(target, new ShardMessage.Gap(key, epoch, from, to));
  }

  @Override
  public void remove(int target, ChannelKey key) {
    tell(target, new ShardMessage.Remove(key));
  }

  @Override
  public void moved(int target, ChannelKey key, StreamPosition head) {
    tell(target, new ShardMessage.Moved(key, head));
  }

  private void tell(int target, ShardMessage.ToMembers message) {
    shards.get(target).tellMembers(shard, message);
  }

  @Override
  public void declared(ChannelKey key, @Nullable DeclaredChannel channel) {
    setup.directory().set(key, channel);
    shards.revisit(key);
  }

  @Override
  public void open(ChannelKey key, StoreCallback<Optional<OpenedStream>> callback) {
    HomeLimits limits = setup.limits();
    resume(key, setup.store().open(key, limits.log().messages(), limits.log().bytes()), callback);
  }

  @Override
  public void append(
      Publication publication, @Nullable RememberedAnswer answer, StoreCallback<Void> callback) {
    CompletableFuture<Void> asked = setup.store().append(publication, answer).toCompletableFuture();
    if (asked.state() == Future.State.FAILED) {
      callback.accept(null, asked.exceptionNow());
    } else {
      resume(publication.key(), asked, callback);
    }
  }

  @Override
  public void declare(
      DeclaredChannel channel, StreamPosition start, StoreCallback<Boolean> callback) {
    resume(channel.key(), setup.store().declare(channel, start), callback);
  }

  @Override
  public void beginEpoch(
      ChannelKey key, StreamPosition found, String epoch, StoreCallback<Boolean> callback) {
    resume(key, setup.store().beginEpoch(key, found, epoch), callback);
  }

  @Override
  public void delete(ChannelKey key, StoreCallback<Boolean> callback) {
    resume(key, setup.store().delete(key), callback);
  }

  @Override
  public boolean followsRelay() {
    return setup.relay() != null;
  }

  @Override
  public void follow(ChannelKey key) {
    relay().follow(key);
  }

  @Override
  public void unfollow(ChannelKey key) {
    relay().unfollow(key);
  }

  @Override
  public void read(ChannelKey key, @Nullable Seen seen, StoreCallback<StreamSlice> callback) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    StoreCallback<StreamSlice> taking =
        (slice, failure) -> {
          try {
            callback.accept(slice, failure);
          } finally {
            taken.complete(null);
          }
        };
    resume(key, relay().read(key, seen, taken), taking);
  }

  private RelayStreams relay() {
    RelayStreams relay = setup.relay();
    if (relay == null) {
      throw new IllegalStateException("this node stands alone");
    }
    return relay;
  }

  @Override
  public void runLater(ChannelKey key, Runnable task, Duration delay) {
    ShardMessage.Resume resume = new ShardMessage.Resume(key, task);
    if (delay.isZero()) {
      shard.post(resume);
    } else {
      shard.loop().runLater(() -> shard.post(resume), delay);
    }
  }

  private <T> void resume(ChannelKey key, CompletionStage<T> asked, StoreCallback<T> callback) {
    var unused =
        asked.whenComplete(
            (value, failure) ->
                shard.post(
                    new ShardMessage.Resume(key, () -> callback.accept(value, cause(failure)))));
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }
}
