package dev.pushgate.gateway.relay.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// Notices that one Redis has and another could not be told: a node that cannot reach the first one
/// has not heard them. They are told there too, when it is back, as long as they are worth it.
/// Repeating one does no harm, for it has an id. Confined to the control thread.
///
/// @param <N> a notice
final class LateNotices<N> {
  /// For each Redis; the oldest ones give way.
  private static final int KEPT = 1_000;

  private final List<RelayShard> shards;
  private final ControlThread thread;
  private final BiFunction<RelayShard, N, CompletionStage<?>> telling;
  private final Predicate<N> isWorthIt;
  private final Map<RelayShard, Deque<N>> owed = new HashMap<>();
  private final Set<RelayShard> busy = new HashSet<>();

  /// @param telling tells one Redis a notice
  /// @param isWorthIt whether anybody would still act on it
  LateNotices(
      List<RelayShard> shards,
      ControlThread thread,
      BiFunction<RelayShard, N, CompletionStage<?>> telling,
      Predicate<N> isWorthIt) {
    this.shards = shards;
    this.thread = thread;
    this.telling = telling;
    this.isWorthIt = isWorthIt;
  }

  /// Some Redis has the notice, but not this one.
  void add(RelayShard shard, N notice) {
    Deque<N> late = owed.computeIfAbsent(shard, _ -> new ArrayDeque<>());
    if (late.size() == KEPT) {
      late.removeFirst();
    }
    late.addLast(notice);
  }

  /// Goes on with each Redis that is there, one notice after the other. Called at each heartbeat.
  void tellNext() {
    shards.forEach(this::tellNext);
  }

  private void tellNext(RelayShard shard) {
    Deque<N> late = owed.getOrDefault(shard, new ArrayDeque<>(0));
    late.removeIf(isWorthIt.negate());
    N next = late.peekFirst();
    if (next == null || !shard.isUp() || busy.contains(shard)) {
      return;
    }
    var unused =
        telling
            .apply(shard, next)
            .whenComplete((_, failure) -> thread.run(() -> told(shard, next, failure == null)));
    busy.add(shard);
  }

  private void told(RelayShard shard, N notice, boolean done) {
    busy.remove(shard);
    if (done) {
      owed.getOrDefault(shard, new ArrayDeque<>(0)).remove(notice);
      tellNext(shard);
    } // else the next heartbeat tries again
  }
}
