package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Reads streams, a bounded number of each shard's at once: one counts from the call of the script
/// until its home has taken what it brought, so that slices do not pile up before a slow home.
/// Thread-safe.
final class StreamReader {
  private final RelayShards shards;
  private final RelayKeys keys;
  private final EnvelopeCodec codec;
  private final RandomGenerator random;
  private final RelayObserver observer;
  private final Drops drops;
  private final Turnstiles turnstiles;

  StreamReader(
      RelayShards shards,
      EnvelopeCodec codec,
      RandomGenerator random,
      RelayObserver observer,
      Drops drops) {
    this.shards = shards;
    this.keys = new RelayKeys(shards.config().prefix());
    this.codec = codec;
    this.random = random;
    this.observer = observer;
    this.drops = drops;
    RelayConfig config = shards.config();
    this.turnstiles = new Turnstiles(shards, config.limits().reads(), config.timeout());
  }

  CompletionStage<StreamSlice> read(ChannelKey key, @Nullable Seen seen, CompletionStage<?> taken) {
    RelayShard shard = shards.of(key);
    return turnstiles
        .of(shard)
        .pass(
            () ->
                shard
                    .eval(Script.READ, List.of(keys.meta(key), keys.stream(key)), args(key, seen))
                    .thenApply(reply -> slice(key, reply)),
            taken,
            () -> new RelayUnavailableException("relay " + shard.name() + " was too slow to read"));
  }

  private ScriptArgs args(ChannelKey key, @Nullable Seen seen) {
    RelayConfig.Log log = shards.config().log();
    return new ScriptArgs()
        .add(seen == null ? "" : seen.position().epoch())
        .add(seen == null ? 0 : seen.position().offset())
        .add(seen == null ? "" : seen.id())
        .add(OpaqueId.next(random))
        .add(codec.newEpochBody(key))
        .add(keys.channel(key))
        .add(log.messages())
        .add(log.readBytes())
        .add(log.age().toMillis())
        .add(PublishScript.idleMemory(shards.config()).toMillis());
  }

  private StreamSlice slice(ChannelKey key, Reply reply) {
    if (reply.number(0) == 1) {
      observer.epochBegan();
    }
    StreamPosition head = new StreamPosition(reply.text(1), reply.number(2));
    List<Publication> newest = newest(key, head, reply.list(4));
    observer.read(newest.size());
    return new StreamSlice(head, reply.text(3), newest, reply.text(5));
  }

  /// The newest without a hole: an entry that is not this cluster's ends it.
  private List<Publication> newest(ChannelKey key, StreamPosition head, Reply envelopes) {
    List<Publication> newest = new ArrayList<>();
    long expected = head.offset();
    for (int i = 0; i < envelopes.size(); i++) {
      Publication publication = publication(key, envelopes.bytes(i));
      if (publication == null || !publication.position().equals(head.withOffset(expected))) {
        break;
      }
      newest.add(publication);
      expected--;
    }
    Collections.reverse(newest);
    return newest;
  }

  private @Nullable Publication publication(ChannelKey key, byte[] bytes) {
    try {
      if (codec.decode(bytes) instanceof Envelope.Message(var publication, _)
          && publication.key().equals(key)) {
        return publication;
      }
      drops.dropped(RelayObserver.Drop.CHANNEL, keys.stream(key));
    } catch (BadEnvelope e) {
      drops.dropped(e.reason(), keys.stream(key));
    }
    return null;
  }
}
