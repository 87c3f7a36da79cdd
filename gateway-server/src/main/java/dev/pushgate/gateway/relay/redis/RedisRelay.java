package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.RelayListener;
import dev.pushgate.core.relay.RelayStreams;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.SharedRelay;
import dev.pushgate.core.store.RelayedArchive;
import dev.pushgate.core.store.UnstorableException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The relay of many nodes: a publication goes to Redis, and comes from there to the homes of all
/// nodes, this one's among them. Thread-safe.
///
/// A publish is sent once; only when the script did nothing with it, because the channel has an
/// archive that this node has not heard of yet, it is made again with that. It carries a deadline
/// by Redis's clock; when its answer does not come, the publisher is told so as soon as that
/// deadline has surely passed there, so that nothing is carried out after its refusal.
public final class RedisRelay implements SharedRelay {
  private static final Logger log = LoggerFactory.getLogger(RedisRelay.class);

  private static final Outcome.Refused<Published> NOT_PUBLISHED =
      refused(
          Refusal.RELAY_UNAVAILABLE, "The relay cannot be reached; the message was not published");
  private static final Outcome.Refused<Published> UNKNOWN =
      refused(
          Refusal.RELAY_UNAVAILABLE,
          "The relay did not answer; whether the message was published is unknown, but it will not"
              + " be published later");
  private static final Outcome.Refused<Published> CONFLICT =
      refused(Refusal.CONFLICT, "This idempotency key was used with another message");
  private static final Outcome.Refused<Published> STORE_AWAY =
      refused(
          Refusal.STORE_UNAVAILABLE,
          "The store takes no messages at present; the message was not published");
  private static final Outcome.Refused<Published> STORE_BEHIND =
      refused(
          Refusal.STORE_UNAVAILABLE,
          "Too many messages wait for the store; the message was not published");
  private static final Outcome.Refused<Published> UNSTORABLE =
      refused(
          Refusal.VALIDATION_ERROR,
          "The message was published, but the database does not take it as it is: it is not in the"
              + " history");
  private static final Outcome.Refused<Published> STORE_UNKNOWN =
      refused(
          Refusal.STORE_UNAVAILABLE,
          "The message was published, but whether the store has it is unknown");

  private final RelayShards shards;
  private final Occupancy occupancy;
  private final Predicate<ChannelKey> isDeclared;
  private final RelayedArchive archive;
  private final RelayObserver observer;
  private final RedisStreams streams;
  private final PublishScript script;
  private final Renewals renewals;
  private final Unarchived unarchived;
  private final Declarations declarations;

  /// @param occupancy how many subscribers the answers tell
  /// @param isDeclared whether a channel's messages are archived; from memory
  /// @param random for epochs and message ids; thread-safe, and not to be guessed
  public RedisRelay(
      RelayShards shards,
      Occupancy occupancy,
      Predicate<ChannelKey> isDeclared,
      RelayedArchive archive,
      RandomGenerator random,
      Clock clock,
      RelayObserver observer) {
    this.shards = shards;
    this.occupancy = occupancy;
    this.isDeclared = isDeclared;
    this.archive = archive;
    this.observer = observer;
    EnvelopeCodec codec = new EnvelopeCodec(new Seal(shards.config().secret()));
    this.streams = new RedisStreams(shards, codec, random, clock, observer);
    this.script = new PublishScript(shards.config(), codec, random, observer);
    this.renewals = new Renewals(shards, codec, random, observer);
    this.unarchived = new Unarchived(shards, codec, archive, renewals);
    this.declarations = new Declarations(shards);
  }

  /// Has all read and entered again that this node has in a Redis which lost its data though it was
  /// not away.
  public void lost(RelayShard shard) {
    streams.lost(shard);
  }

  @Override
  public RelayStreams streams() {
    return streams;
  }

  /// Names the one that hears of rosters. To be called before [#start].
  void rosters(RosterArrivals told) {
    streams.rosters(told);
  }

  @Override
  public void start(RelayListener listener) {
    streams.start(listener);
    unarchived.start();
  }

  /// Ends the stream of a channel that was deleted, and tells all who follow it.
  ///
  /// @return completes when that is done, or at the relay's time limit, and then it is still tried;
  ///     never exceptionally
  public CompletionStage<Void> end(ChannelKey key) {
    return renewals.end(key);
  }

  /// Ends the stream of a channel that another node deleted, if this node follows it and it is
  /// still in the epoch that its members are in, and a deletion has not begun that one.
  public void endLeft(ChannelKey key) {
    Followed stream = streams.followed(key);
    Seen seen = stream == null ? null : stream.seen();
    if (seen != null) {
      renewals.endLeft(key, seen.position().epoch());
    }
  }

  /// Notes that a channel was declared: a node that has not heard of it yet then publishes to it as
  /// to one that has an archive.
  ///
  /// @param id of the declaration
  /// @return completes when that is done, or at the relay's time limit, and then it is still tried;
  ///     never exceptionally
  public CompletionStage<Void> declared(ChannelKey key, String id) {
    return declarations.note(key, id);
  }

  /// One call of the script for a publish.
  ///
  /// @param declaration the one that an earlier call was told of; empty for none
  private record Attempt(
      PublishRequest request,
      boolean archived,
      String declaration,
      CompletableFuture<Outcome<Published>> answer) {}

  @Override
  public CompletionStage<Outcome<Published>> publish(PublishRequest request) {
    CompletableFuture<Outcome<Published>> answer = new CompletableFuture<>();
    make(new Attempt(request, isDeclared.test(request.key()), "", answer));
    return answer;
  }

  private void make(Attempt attempt) {
    PublishRequest request = attempt.request();
    if (attempt.archived() && archive.isAway()) {
      attempt.answer().complete(STORE_AWAY);
      return;
    }
    ScriptCall call =
        script.call(
            shards.of(request.key()),
            request,
            streams.followed(request.key()),
            occupancy.inCluster(request.key()),
            attempt.archived());
    call.reply()
        .whenComplete(
            (reply, failure) -> {
              if (reply != null) {
                answered(attempt, reply);
              } else {
                lost(call, failure, attempt.answer());
              }
            });
  }

  private void answered(Attempt attempt, Reply reply) {
    CompletableFuture<Outcome<Published>> answer = attempt.answer();
    try {
      switch (script.result(attempt.request(), reply)) {
        case PublishScript.Result.Late _ -> refuse(NOT_PUBLISHED, answer);
        case PublishScript.Result.Conflict _ -> answer.complete(CONFLICT);
        case PublishScript.Result.Full _ -> answer.complete(STORE_BEHIND);
        case PublishScript.Result.Declared(String declaration) ->
            make(new Attempt(attempt.request(), true, declaration, answer));
        case PublishScript.Result.Done done when done.unarchived().isEmpty() ->
            answer.complete(Outcome.done(done.answer()));
        case PublishScript.Result.Done done -> archive(attempt, done);
      }
    } catch (RuntimeException e) {
      log.error("a publish was not answered", e);
      answer.complete(UNKNOWN);
    }
  }

  private void refuse(
      Outcome.Refused<Published> refused, CompletableFuture<Outcome<Published>> answer) {
    observer.publishRefused();
    answer.complete(refused);
  }

  private void archive(Attempt attempt, PublishScript.Result.Done done) {
    unarchived
        .archive(
            done.publication(),
            done.unarchived(),
            new Unarchived.Source(attempt.declaration(), attempt.request().idempotencyKey()))
        .whenComplete(
            (_, failure) ->
                attempt
                    .answer()
                    .complete(failure == null ? Outcome.done(done.answer()) : notKept(failure)));
  }

  private static Outcome.Refused<Published> notKept(Throwable failure) {
    return UnstorableException.isCauseOf(failure) ? UNSTORABLE : STORE_UNKNOWN;
  }

  private void lost(
      ScriptCall call, @Nullable Throwable failure, CompletableFuture<Outcome<Published>> answer) {
    log.debug("a publish has no answer", failure);
    refuse(call.mayHaveRun() ? UNKNOWN : NOT_PUBLISHED, answer);
  }

  private static Outcome.Refused<Published> refused(Refusal refusal, String sentence) {
    return new Outcome.Refused<>(refusal, sentence);
  }
}
