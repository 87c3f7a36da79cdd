package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.outcome.FailureWords;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RelayedArchive;
import dev.pushgate.core.store.UnstorableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings publications of declared channels from the relay into the archive. Whoever published one
/// does it at once; what is left over (its node died, the store was away) is swept up by any node.
/// Thread-safe.
final class Unarchived {
  private static final Logger log = LoggerFactory.getLogger(Unarchived.class);
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);
  private static final Duration TAKE_OFF_AFTER = Duration.ofMillis(50);

  /// What is younger is still being archived by the node that published it.
  private static final Duration LEFT_OVER_AFTER = Duration.ofSeconds(10);

  /// By then whoever can read an entry (it may be of another secret or version) has archived it.
  private static final Duration GIVEN_UP_AFTER = Duration.ofHours(6);

  private static final int BATCH = 100;
  private static final String OLDEST = "-";

  /// One shard's sweeping, and the entries that the archive has.
  private record Done(Queue<String> entries, AtomicBoolean scheduled, AtomicBoolean sweeping) {}

  /// What is known of the publish that a publication came from.
  ///
  /// @param declaration id of the declaration that the relay named; empty when it named none
  record Source(String declaration, @Nullable IdempotencyKey idempotencyKey) {}

  private final RelayShards shards;
  private final String key;
  private final EnvelopeCodec codec;
  private final RelayedArchive archive;
  private final Renewals renewals;
  private final Declarations declarations;
  private final Drops drops;
  private final Map<RelayShard, Done> done = new HashMap<>();

  Unarchived(RelayShards shards, EnvelopeCodec codec, RelayedArchive archive, Renewals renewals) {
    this.shards = shards;
    this.key = new RelayKeys(shards.config().prefix()).unarchived();
    this.codec = codec;
    this.archive = archive;
    this.renewals = renewals;
    this.declarations = new Declarations(shards);
    this.drops = shards.drops();
    for (RelayShard shard : shards.all()) {
      done.put(
          shard, new Done(new ConcurrentLinkedQueue<>(), new AtomicBoolean(), new AtomicBoolean()));
    }
  }

  void start() {
    shards.client().after(SWEEP_EVERY, this::sweepAll);
  }

  private void sweepAll() {
    try {
      shards.all().forEach(shard -> sweep(shard, LEFT_OVER_AFTER));
    } finally {
      start();
    }
  }

  /// Archives what has waited for that long, one batch after the other until none is left or
  /// something fails. Does nothing while that is under way already.
  void sweep(RelayShard shard, Duration age) {
    AtomicBoolean sweeping = doneOf(shard).sweeping;
    if (archive.isAway() || !shard.isUp() || !sweeping.compareAndSet(false, true)) {
      return;
    }
    sweep(shard, age, OLDEST)
        .whenComplete(
            (_, failure) -> {
              sweeping.set(false);
              if (failure != null) {
                log.debug("not everything was swept of relay {}", shard, failure);
              }
            });
  }

  private CompletionStage<Void> sweep(RelayShard shard, Duration age, String from) {
    return shard
        .eval(
            Script.UNARCHIVED,
            List.of(key),
            new ScriptArgs().add(age.toMillis()).add(BATCH).add(from))
        .thenCompose(
            reply ->
                CompletableFuture.allOf(
                        reply
                            .lists()
                            .map(entry -> sweep(shard, entry.text(0), entry.bytes(1)))
                            .toArray(CompletableFuture<?>[]::new))
                    .thenCompose(
                        done ->
                            reply.size() < BATCH
                                ? CompletableFuture.completedStage(done)
                                : sweep(shard, age, "(" + reply.list(BATCH - 1).text(0))));
  }

  /// @return fails when the store cannot take it now
  private CompletableFuture<?> sweep(RelayShard shard, String entry, byte[] envelope) {
    try {
      if (codec.decode(envelope) instanceof Envelope.Message(var publication, _)) {
        return archive(publication, entry, new Source("", null))
            .exceptionallyCompose(
                failure ->
                    isTaken(failure) || UnstorableException.isCauseOf(failure)
                        ? CompletableFuture.completedStage(false)
                        : CompletableFuture.failedStage(failure))
            .toCompletableFuture();
      }
      drops.dropped(RelayObserver.Drop.SHAPE, key);
    } catch (BadEnvelope e) {
      drops.dropped(e.reason(), key);
    }
    if (isGivenUp(shard, entry)) {
      takeOff(shard, entry);
    }
    return CompletableFuture.completedFuture(false);
  }

  /// By Redis's clock, which entries are named after.
  private static boolean isGivenUp(RelayShard shard, String entry) {
    long enteredMs = Long.parseLong(entry.substring(0, entry.indexOf('-')));
    return shard.redisNowMs().orElse(enteredMs) - enteredMs > GIVEN_UP_AFTER.toMillis();
  }

  /// Makes a publication durable, and takes its entry off.
  ///
  /// @return what [RelayedArchive#add] says
  CompletionStage<Boolean> archive(Publication publication, String entry, Source source) {
    RelayShard shard = shards.of(publication.key());
    return archive
        .add(publication)
        .whenComplete(
            (isThere, failure) -> {
              if (failure == null && isThere) {
                takeOff(shard, entry);
              } else if (failure == null) {
                var unused =
                    declarations
                        .forget(publication.key(), source.declaration)
                        .thenRun(() -> takeOff(shard, entry));
              } else if (UnstorableException.isCauseOf(failure)) {
                // It would be tried for ever, and in vain.
                log.error(
                    "{} is missing {} in the archive: the database does not take it: {}",
                    publication.key(),
                    publication.position(),
                    FailureWords.of(failure));
                takeOff(shard, entry);
              } else if (isTaken(failure)) {
                // The relay lost data and gave a place again: what comes now must not be taken for
                // what was there.
                log.error(
                    "{} has another message at {} than the archive: {}",
                    publication.key(),
                    publication.position(),
                    FailureWords.of(failure));
                renewals.lost(publication.key(), publication.position(), source.idempotencyKey);
                takeOff(shard, entry);
              }
            });
  }

  private static boolean isTaken(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof IllegalStateException;
  }

  private Done doneOf(RelayShard shard) {
    Done mine = done.get(shard);
    if (mine == null) {
      throw new IllegalArgumentException("no shard of this relay: " + shard);
    }
    return mine;
  }

  /// A few at a time. When that fails, they are swept up again, which does no harm.
  private void takeOff(RelayShard shard, String entry) {
    Done mine = doneOf(shard);
    mine.entries.add(entry);
    if (mine.scheduled.compareAndSet(false, true)) {
      shards.client().after(TAKE_OFF_AFTER, () -> takeOff(shard, mine));
    }
  }

  private void takeOff(RelayShard shard, Done mine) {
    mine.scheduled.set(false);
    List<String> some = new ArrayList<>();
    for (String entry = mine.entries.poll(); entry != null; entry = mine.entries.poll()) {
      some.add(entry);
      if (some.size() == BATCH) {
        takeOff(shard, some);
        some.clear();
      }
    }
    if (!some.isEmpty()) {
      takeOff(shard, some);
    }
  }

  private void takeOff(RelayShard shard, List<String> entries) {
    ScriptArgs args = new ScriptArgs().add(0).add(0).add(OLDEST);
    entries.forEach(args::add);
    shard
        .eval(Script.UNARCHIVED, List.of(key), args)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                log.debug("archived entries stay in relay {}", shard, failure);
              }
            });
  }
}
