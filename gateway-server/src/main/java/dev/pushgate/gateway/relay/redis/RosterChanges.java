package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.relay.RelayUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Sends changes of rosters, each with a deadline by Redis's clock as its last argument. One that
/// got no answer fails when that deadline has surely passed: so whoever asks again then, or asks
/// for the contrary, is never undone by what Redis carries out late. Thread-safe.
final class RosterChanges {
  /// How many changes one Redis is asked for at once: after an outage every home of a node enters
  /// its members again, and publishes are not to wait behind all of them.
  private static final int AT_ONCE = 128;

  /// How long a change may wait for its turn; then its home asks again.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// By so much the deadline in Redis is earlier than ours: for what clocks differ in their pace.
  private static final long MARGIN_MS = 20;

  private static final int LATE = -1;

  private final RelayShards shards;
  private final Map<RelayShard, Turnstile> turnstiles = new HashMap<>();

  RosterChanges(RelayShards shards) {
    this.shards = shards;
    for (RelayShard shard : shards.all()) {
      turnstiles.put(shard, new Turnstile(AT_ONCE, PATIENCE, shards.client()));
    }
  }

  /// @param args all but the deadline, which is added when the call goes out
  /// @return never the answer that it came too late: then the stage fails
  CompletionStage<Reply> ask(RelayShard shard, Script script, List<String> keys, ScriptArgs args) {
    return Objects.requireNonNull(turnstiles.get(shard))
        .pass(
            () -> send(shard, script, keys, args),
            () -> new RelayUnavailableException("rosters of " + shard + " were busy too long"));
  }

  private CompletionStage<Reply> send(
      RelayShard shard, Script script, List<String> keys, ScriptArgs args) {
    Duration timeout = shards.config().timeout();
    ScriptCall call =
        shard.call(script, keys, nowMs -> args.add(nowMs + timeout.toMillis() - MARGIN_MS));
    long sentNanos = System.nanoTime();
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    call.reply()
        .whenComplete(
            (reply, failure) -> {
              if (reply == null) {
                Duration gone = Duration.ofNanos(System.nanoTime() - sentNanos);
                Duration left = call.mayHaveRun() ? timeout.minus(gone) : Duration.ZERO;
                failLater(answer, failure, left);
              } else if (reply.number(0) == LATE) {
                answer.completeExceptionally(
                    new RelayUnavailableException("relay " + shard + " was too late"));
              } else {
                answer.complete(reply);
              }
            });
    return answer;
  }

  /// Redis may still have it before it when the connection is gone: only the deadline ends that.
  private void failLater(CompletableFuture<Reply> answer, Throwable failure, Duration left) {
    if (left.isPositive()) {
      shards.client().after(left, () -> answer.completeExceptionally(failure));
    } else {
      answer.completeExceptionally(failure);
    }
  }
}
