package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.RelayListener;
import dev.pushgate.core.relay.RelayStreams;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The streams of all channels, in Redis. Thread-safe; no method blocks.
public final class RedisStreams implements RelayStreams {
  private static final Logger log = LoggerFactory.getLogger(RedisStreams.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final RelayShards shards;
  private final RelayKeys keys;
  private final EnvelopeCodec codec;
  private final StreamReader reader;
  private final HeadCheck heads;
  private final Clock clock;
  private final RelayObserver observer;
  private final Drops drops;
  private final Map<ChannelKey, Followed> followed = new ConcurrentHashMap<>();

  /// Channels that are to be read: an arrival found no room, or a read got no answer.
  private final Set<ChannelKey> owed = ConcurrentHashMap.newKeySet();

  private volatile @Nullable RelayListener listener;
  private volatile @Nullable RosterArrivals rosters;

  RedisStreams(
      RelayShards shards,
      EnvelopeCodec codec,
      RandomGenerator random,
      Clock clock,
      RelayObserver observer) {
    this.shards = shards;
    this.keys = new RelayKeys(shards.config().prefix());
    this.codec = codec;
    this.drops = shards.drops();
    this.reader = new StreamReader(shards, codec, random, observer, drops);
    this.heads = new HeadCheck(shards, keys);
    this.clock = clock;
    this.observer = observer;
  }

  /// To be called once, before the first [#follow].
  void start(RelayListener told) {
    listener = told;
    shards.client().after(AGAIN, this::payWhatIsOwed);
    heads.start(followed::values, told::doubtful);
  }

  /// Names the one that hears of rosters. To be called before the first [#follow].
  void rosters(RosterArrivals told) {
    rosters = told;
  }

  @Override
  public void follow(ChannelKey key) {
    Followed stream = new Followed(key, codec.newEpochBody(key));
    followed.put(key, stream);
    shards.of(key).listen(keys.channel(key), bytes -> arrived(stream, bytes), () -> confirmed(key));
  }

  @Override
  public void unfollow(ChannelKey key) {
    followed.remove(key);
    owed.remove(key);
    shards.of(key).unlisten(keys.channel(key));
  }

  /// What this node knows of a stream; null when it does not follow it.
  @Nullable Followed followed(ChannelKey key) {
    return followed.get(key);
  }

  @Override
  public CompletionStage<StreamSlice> read(
      ChannelKey key, @Nullable Seen seen, CompletionStage<?> taken) {
    return reader
        .read(key, seen, taken)
        .whenComplete(
            (slice, failure) -> {
              Followed stream = followed.get(key);
              if (stream != null && failure == null) {
                stream.saw(slice.head(), slice.headId());
              } else if (stream != null) {
                owed.add(key);
              }
            });
  }

  @Override
  public CompletionStage<Optional<StreamPosition>> head(ChannelKey key) {
    return shards
        .of(key)
        .eval(Script.HEADS, List.of(keys.meta(key)), new ScriptArgs().add(0))
        .thenApply(
            reply -> {
              Reply head = reply.list(0);
              return head.text(0).isEmpty()
                  ? Optional.empty()
                  : Optional.of(new StreamPosition(head.text(0), head.number(1)));
            });
  }

  /// A Redis has lost its data: what was followed there is as after another connection.
  void lost(RelayShard shard) {
    followed.keySet().stream().filter(key -> shards.of(key) == shard).forEach(this::confirmed);
  }

  private void confirmed(ChannelKey key) {
    RelayListener told = listener;
    if (told != null && followed.containsKey(key)) {
      owed.remove(key);
      told.confirmed(key);
    }
  }

  private void arrived(Followed stream, byte[] bytes) {
    RelayListener told = listener;
    if (told == null) {
      return;
    }
    try {
      Envelope envelope = codec.decode(bytes);
      if (envelope.key().equals(stream.key())) {
        arrived(stream, envelope, told);
      } else {
        drops.dropped(RelayObserver.Drop.CHANNEL, keys.channel(stream.key()));
      }
    } catch (BadEnvelope e) {
      drops.dropped(e.reason(), keys.channel(stream.key()));
    }
  }

  private void arrived(Followed stream, Envelope envelope, RelayListener told) {
    switch (envelope) {
      case Envelope.Message(var publication, var previousId) -> {
        observer.arrived(Math.max(0, clock.millis() - publication.timestampMs()));
        stream.saw(publication.position(), publication.id());
        if (!told.arrived(new Arrival(publication, previousId))) {
          drops.dropped(RelayObserver.Drop.NO_ROOM, keys.channel(stream.key()));
          owed.add(stream.key());
        }
      }
      case Envelope.NewEpoch(var key, _) -> told.doubtful(key);
      case Envelope.Ended(var key) -> told.ended(key);
      case Envelope.Roster roster -> {
        RosterArrivals hears = rosters;
        if (hears != null) {
          hears.changed(roster);
        }
      }
    }
  }

  /// What could not be read while Redis was away is owed until it is back.
  private void payWhatIsOwed() {
    RelayListener told = listener;
    try {
      for (ChannelKey key : List.copyOf(owed)) {
        if (told != null && shards.of(key).isUp() && owed.remove(key)) {
          told.missed(key);
        }
      }
    } catch (RuntimeException e) {
      log.error("a channel was not told that it missed something", e);
    } finally {
      shards.client().after(AGAIN, this::payWhatIsOwed);
    }
  }
}
