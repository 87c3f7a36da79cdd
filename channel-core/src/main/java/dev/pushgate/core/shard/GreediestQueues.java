package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// In which order clients go when there is no memory for what waits for them: not who has most
/// waiting on one connection, but whose key or user and whose address have most on all of theirs;
/// among equals who takes nothing, and then who has most. What is short, bytes or writes, is what
/// they are measured by. Stateless.
final class GreediestQueues {
  private record Rank(OutboundQueue queue, double lead, boolean isStuck, long pending) {
    static final Comparator<Rank> GREEDIEST_FIRST =
        Comparator.comparingDouble(Rank::lead)
            .thenComparing(Rank::isStuck)
            .thenComparingLong(Rank::pending)
            .reversed();
  }

  private GreediestQueues() {}

  /// Those that have something waiting, the greediest first.
  ///
  /// @param pendingOf how much waits for one of them
  static List<OutboundQueue> first(
      Collection<OutboundQueue> queues,
      Predicate<OutboundQueue> isStuck,
      ToLongFunction<OutboundQueue> pendingOf) {
    Map<String, Long> byAccount = new HashMap<>();
    for (OutboundQueue queue : queues) {
      long pending = pendingOf.applyAsLong(queue);
      byAccount.merge(credential(queue.holder()), pending, Long::sum);
      byAccount.merge(address(queue.holder()), pending, Long::sum);
    }
    List<Rank> ranks = new ArrayList<>(queues.size());
    for (OutboundQueue queue : queues) {
      long pending = pendingOf.applyAsLong(queue);
      if (pending > 0) {
        ranks.add(new Rank(queue, lead(byAccount, queue.holder()), isStuck.test(queue), pending));
      }
    }
    ranks.sort(Rank.GREEDIEST_FIRST);
    return ranks.stream().map(Rank::queue).toList();
  }

  /// What its two accounts have, multiplied: what one has in common with all others, an address
  /// behind a proxy or a key that stands in every page, then says nothing of anybody.
  private static double lead(Map<String, Long> byAccount, MemoryHolder holder) {
    return (double) byAccount.getOrDefault(credential(holder), 0L)
        * byAccount.getOrDefault(address(holder), 0L);
  }

  private static String credential(MemoryHolder holder) {
    return holder.app() + "/" + holder.credential();
  }

  private static String address(MemoryHolder holder) {
    return "at " + holder.address();
  }
}
