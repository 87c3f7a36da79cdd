package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.IdempotencyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends epochs of streams: of channels that were deleted, and of streams that are not what the
/// archive knows. Thread-safe.
final class Renewals {
  private static final Logger log = LoggerFactory.getLogger(Renewals.class);
  private static final String DELETED = "D";
  private static final String LOST = "E";

  private final RelayShards shards;
  private final RelayKeys keys;
  private final EnvelopeCodec codec;
  private final RandomGenerator random;
  private final RelayObserver observer;

  /// Deletions that are under way, and those that came meanwhile and are next; both under the lock.
  private final Map<ChannelKey, CompletableFuture<Void>> ending = new HashMap<>();

  private final Map<ChannelKey, CompletableFuture<Void>> next = new HashMap<>();

  Renewals(
      RelayShards shards, EnvelopeCodec codec, RandomGenerator random, RelayObserver observer) {
    this.shards = shards;
    this.keys = new RelayKeys(shards.config().prefix());
    this.codec = codec;
    this.random = random;
    this.observer = observer;
  }

  /// Ends the stream of a deleted channel. It is tried until it is done: the epoch that it begins
  /// makes sure that it is done once, also when an answer was lost. What is deleted while that is
  /// under way is another life of the channel: it is ended behind it.
  ///
  /// @return completes when it is done, or at the relay's time limit while it is still tried
  CompletionStage<Void> end(ChannelKey key) {
    CompletableFuture<Void> done;
    boolean begins;
    synchronized (this) {
      begins = !ending.containsKey(key);
      done = (begins ? ending : next).computeIfAbsent(key, _ -> new CompletableFuture<>());
    }
    if (begins) {
      begin(key, done);
    }
    return shards.client().within(shards.config().timeout(), done);
  }

  private void begin(ChannelKey key, CompletableFuture<Void> done) {
    var unused = delete(key, "").thenRun(() -> ended(key, done));
  }

  private void ended(ChannelKey key, CompletableFuture<Void> done) {
    CompletableFuture<Void> following;
    synchronized (this) {
      ending.remove(key);
      following = next.remove(key);
      if (following != null) {
        ending.put(key, following);
      }
    }
    done.complete(null);
    if (following != null) {
      begin(key, following);
    }
  }

  /// Ends the stream of a deleted channel in one epoch, unless a deletion began that. It is tried
  /// until it is done.
  void endLeft(ChannelKey key, String ended) {
    var unused = delete(key, ended);
  }

  /// @param ended the epoch to end, or empty for whichever it is
  private CompletionStage<Void> delete(ChannelKey key, String ended) {
    String epoch = OpaqueId.next(random); // the same at each attempt
    return shards
        .client()
        .untilDone(
            RelayClient.ALWAYS,
            () -> renew(key, keysOf(key), DELETED, ended, epoch, codec.endedBody(key)));
  }

  /// Ends the epoch of a stream in which a place has two messages, if it is still in it.
  ///
  /// @param idempotencyKey whose remembered answer is that place, if known: it is forgotten, for a
  ///     retry that got it again would fail as this one did
  void lost(ChannelKey key, StreamPosition place, @Nullable IdempotencyKey idempotencyKey) {
    List<String> renewed = new ArrayList<>(keysOf(key));
    if (idempotencyKey != null) {
      renewed.add(keys.answer(key, idempotencyKey.value()));
    }
    renew(key, renewed, LOST, place.epoch(), OpaqueId.next(random), codec.newEpochBody(key))
        .whenComplete(
            (reply, failure) -> {
              if (failure != null) {
                log.warn("{} is still in an epoch that is not its own", key);
              } else if (reply.number(0) == 1) {
                observer.epochBegan();
              }
            });
  }

  private List<String> keysOf(ChannelKey key) {
    return List.of(keys.meta(key), keys.stream(key));
  }

  private CompletionStage<Reply> renew(
      ChannelKey key, List<String> renewed, String kind, String ended, String epoch, byte[] body) {
    return shards
        .of(key)
        .eval(
            Script.RENEW,
            renewed,
            new ScriptArgs()
                .add(kind)
                .add(ended)
                .add(epoch)
                .add(body)
                .add(keys.channel(key))
                .add(PublishScript.memory(shards.config()).toMillis()));
  }
}
