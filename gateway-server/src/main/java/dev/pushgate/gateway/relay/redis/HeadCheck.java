package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.FailureWords;
import dev.pushgate.core.relay.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares now and then where streams stand with what was seen of them: pub/sub may lose the last
/// message of a channel, and nothing behind it would tell. It also keeps the streams that somebody
/// follows from being forgotten. Thread-safe.
final class HeadCheck {
  private static final Logger log = LoggerFactory.getLogger(HeadCheck.class);

  /// Channels are compared in so many parts, one after the other: Redis is not asked for all of
  /// them at once.
  static final int PARTS = 30;

  private static final int BATCH = 500;

  private record Compared(Followed stream, @Nullable Seen before) {}

  private final RelayShards shards;
  private final RelayKeys keys;

  HeadCheck(RelayShards shards, RelayKeys keys) {
    this.shards = shards;
    this.keys = keys;
  }

  /// Begins to check, for as long as the relay is open.
  void start(Supplier<Collection<Followed>> streams, Consumer<ChannelKey> doubtful) {
    start(streams, doubtful, 0);
  }

  private void start(
      Supplier<Collection<Followed>> streams, Consumer<ChannelKey> doubtful, int part) {
    shards
        .client()
        .after(
            shards.config().headCheck().dividedBy(PARTS),
            () -> {
              try {
                check(part(streams.get(), part), doubtful);
              } catch (RuntimeException e) {
                log.error("heads were not compared", e);
              }
              start(streams, doubtful, (part + 1) % PARTS);
            });
  }

  /// Those of one part, from 0 to [#PARTS] - 1; a channel is always in the same.
  static List<Followed> part(Collection<Followed> streams, int part) {
    return streams.stream().filter(stream -> partOf(stream.key()) == part).toList();
  }

  /// Mixed, for the hashes of names that differ in a number only are much alike.
  private static int partOf(ChannelKey key) {
    long mixed = key.hashCode() * 0x9E3779B97F4A7C15L;
    return (int) ((mixed >>> 33) % PARTS);
  }

  void check(Collection<Followed> streams, Consumer<ChannelKey> doubtful) {
    Map<RelayShard, List<Compared>> batches = new HashMap<>();
    for (Followed stream : streams) {
      RelayShard shard = shards.of(stream.key());
      List<Compared> batch = batches.computeIfAbsent(shard, _ -> new ArrayList<>());
      batch.add(new Compared(stream, stream.seen()));
      if (batch.size() == BATCH) {
        batches.remove(shard);
        check(shard, batch, doubtful);
      }
    }
    batches.forEach((shard, batch) -> check(shard, batch, doubtful));
  }

  private void check(RelayShard shard, List<Compared> batch, Consumer<ChannelKey> doubtful) {
    List<String> metas = batch.stream().map(one -> keys.meta(one.stream.key())).toList();
    shard
        .eval(
            Script.HEADS,
            metas,
            new ScriptArgs().add(PublishScript.idleMemory(shards.config()).toMillis()))
        .thenAccept(
            reply -> {
              for (int i = 0; i < batch.size(); i++) {
                compare(batch.get(i), reply.list(i), doubtful);
              }
            })
        .exceptionally(
            failure -> {
              log.debug("heads were not compared: {}", FailureWords.of(failure));
              return null;
            });
  }

  /// A difference may also be a message that is on its way; then reading finds nothing new.
  private static void compare(Compared one, Reply head, Consumer<ChannelKey> doubtful) {
    boolean gone = head.text(0).isEmpty();
    StreamPosition position = new StreamPosition(head.text(0), gone ? 0 : head.number(1));
    if (!one.stream.knows(one.before, position, head.text(2))) {
      doubtful.accept(one.stream.key());
    }
  }
}
