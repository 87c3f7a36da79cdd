package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Seen;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How the publish script is called and what it answers. Thread-safe.
final class PublishScript {
  private static final Duration MEMORY_MIN = Duration.ofHours(24);
  private static final Duration IDLE_MEMORY_MIN = Duration.ofMinutes(10);

  private static final byte[] NOTHING = {};

  /// What came of it.
  sealed interface Result {
    /// @param unarchived the entry that says that no store has it yet; empty without an archive
    record Done(Publication publication, int delivered, String unarchived) implements Result {
      Published answer() {
        return Published.of(publication, delivered);
      }
    }

    record Late() implements Result {}

    record Conflict() implements Result {}

    record Full() implements Result {}

    /// It was called as if the channel had no archive, and it has.
    ///
    /// @param declaration its id
    record Declared(String declaration) implements Result {}
  }

  private final RelayConfig config;
  private final RelayKeys keys;
  private final EnvelopeCodec codec;
  private final RandomGenerator random;
  private final RelayObserver observer;

  /// Ids are unique by 64 random bits of each start, and a counter.
  private final String idPrefix;

  private final AtomicLong ids = new AtomicLong();

  PublishScript(
      RelayConfig config, EnvelopeCodec codec, RandomGenerator random, RelayObserver observer) {
    this.config = config;
    this.keys = new RelayKeys(config.prefix());
    this.codec = codec;
    this.random = random;
    this.observer = observer;
    this.idPrefix = OpaqueId.next(random) + "-";
  }

  /// How long a stream's place is remembered after its last message: as long as any answer to an
  /// idempotency key and any entry of the stream.
  static Duration memory(RelayConfig config) {
    RelayConfig.Log log = config.log();
    return Collections.max(List.of(MEMORY_MIN, log.age(), log.idempotencyTtl()));
  }

  /// How long a stream that nobody publishes to is remembered after somebody last followed it.
  static Duration idleMemory(RelayConfig config) {
    Duration age = config.log().age();
    return age.compareTo(IDLE_MEMORY_MIN) > 0 ? age : IDLE_MEMORY_MIN;
  }

  /// @param followed what this node knows of the channel, or null
  /// @param delivered how many subscribers the channel has
  ScriptCall call(
      RelayShard shard,
      PublishRequest request,
      @Nullable Followed followed,
      int delivered,
      boolean archived) {
    ChannelKey key = request.key();
    IdempotencyKey idempotency = request.idempotencyKey();
    Seen seen = followed == null ? null : followed.seen();
    String id = idPrefix + Long.toString(ids.incrementAndGet(), Character.MAX_RADIX);
    RelayConfig.Log log = config.log();
    return shard.callByDeadline(
        Script.PUBLISH,
        List.of(
            keys.meta(key),
            keys.stream(key),
            idempotency == null ? keys.meta(key) : keys.answer(key, idempotency.value()),
            keys.unarchived()),
        deadlineMs ->
            new ScriptArgs()
                .add(deadlineMs)
                .add(seen == null ? "" : seen.position().epoch())
                .add(seen == null ? 0 : seen.position().offset())
                .add(OpaqueId.next(random))
                .add(id)
                .add(codec.messageBody(request, id))
                .add(
                    followed == null
                        ? NOTHING
                        : followed.newEpochBody()) // what nobody saw ends untold
                .add(keys.channel(key))
                .add(log.messages())
                .add(log.age().toMillis())
                .add(idempotency == null ? "" : idempotency.digest())
                .add(log.idempotencyTtl().toMillis())
                .add(delivered)
                .add(archived ? Integer.toString(config.limits().unarchived()) : "")
                .add(memory(config).toMillis()));
  }

  Result result(PublishRequest request, Reply reply) {
    return switch (reply.text(0)) {
      case "LATE" -> new Result.Late();
      case "CONFLICT" -> new Result.Conflict();
      case "FULL" -> new Result.Full();
      case "DECLARED" -> new Result.Declared(reply.text(1));
      case "DONE" -> done(request, reply);
      default -> throw new IllegalStateException("the publish script says " + reply.text(0));
    };
  }

  private Result.Done done(PublishRequest request, Reply reply) {
    if (reply.number(1) == 1) {
      observer.epochBegan();
    }
    Publication publication =
        new Publication(
            request.key(),
            new StreamPosition(reply.text(2), reply.number(3)),
            reply.text(5),
            request.eventType(),
            request.clientId(),
            request.data(),
            reply.number(4));
    return new Result.Done(publication, (int) reply.number(6), reply.text(7));
  }
}
