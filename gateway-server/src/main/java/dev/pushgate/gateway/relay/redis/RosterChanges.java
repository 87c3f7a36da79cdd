package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.relay.RelayUnavailableException;
import java.time.Duration;
import java.util.List;
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

  private static final int LATE = -1;

  private final Turnstiles turnstiles;

  RosterChanges(RelayShards shards) {
    this.turnstiles = new Turnstiles(shards, AT_ONCE, PATIENCE);
  }

  /// @param args all but the deadline, which is added when the call goes out
  /// @return never the answer that it came too late: then the stage fails
  CompletionStage<Reply> ask(RelayShard shard, Script script, List<String> keys, ScriptArgs args) {
    return turnstiles
        .of(shard)
        .pass(
            () -> send(shard, script, keys, args),
            () -> new RelayUnavailableException("rosters of " + shard + " were busy too long"));
  }

  private static CompletionStage<Reply> send(
      RelayShard shard, Script script, List<String> keys, ScriptArgs args) {
    return shard
        .callByDeadline(script, keys, args::add)
        .reply()
        .thenCompose(
            reply ->
                reply.number(0) == LATE
                    ? CompletableFuture.failedStage(
                        new RelayUnavailableException("relay " + shard + " was too late"))
                    : CompletableFuture.completedStage(reply));
  }
}
