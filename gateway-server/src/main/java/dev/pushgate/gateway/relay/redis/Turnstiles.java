package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A [Turnstile] before each Redis of the relay. Thread-safe.
final class Turnstiles {
  private final Map<RelayShard, Turnstile> turnstiles;

  /// @param limit how many may be under way at one Redis
  /// @param patience how long one may wait for its turn
  Turnstiles(RelayShards shards, int limit, Duration patience) {
    this.turnstiles =
        shards.all().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Function.identity(), _ -> new Turnstile(limit, patience, shards.client())));
  }

  Turnstile of(RelayShard shard) {
    return Objects.requireNonNull(turnstiles.get(shard), "no shard of this relay");
  }
}
