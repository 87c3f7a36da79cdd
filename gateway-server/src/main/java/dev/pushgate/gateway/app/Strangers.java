package dev.pushgate.gateway.app;

import dev.pushgate.gateway.store.CanaryBoard.Sighting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Finds out at a node's start whether the others are on another relay, though on the same
/// database: they write on the board that their canaries come back, and none of them is known to
/// the relay of this node. A list of one server does not show it, for nodes may call that
/// differently. Confined to the thread that starts the node, which it blocks.
final class Strangers {
  /// Longer than a node that has just left is on the board, and longer than a relay that lost its
  /// data does without the others' heartbeats.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String self;
  private final Supplier<List<Sighting>> board;
  private final Supplier<Set<String>> known;
  private final Runnable pause;
  private final LongSupplier nanoTime;

  /// @param self this node's id
  /// @param known ids of the nodes that the relay knows; empty when it cannot be asked
  /// @param pause waits a little
  /// @param nanoTime as [System#nanoTime]
  Strangers(
      String self,
      Supplier<List<Sighting>> board,
      Supplier<Set<String>> known,
      Runnable pause,
      LongSupplier nanoTime) {
    this.self = self;
    this.board = board;
    this.known = known;
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  /// One of the others, if they are all on another relay; empty when they are not, or there are
  /// none, or nobody can tell.
  Optional<String> find() {
    long begun = nanoTime.getAsLong();
    while (true) {
      Set<String> met = known.get();
      List<String> others =
          board.get().stream()
              .filter(row -> row.isFresh() && !row.node().equals(self))
              .map(Sighting::node)
              .toList();
      if (met.isEmpty() || others.isEmpty() || others.stream().anyMatch(met::contains)) {
        return Optional.empty();
      }
      if (nanoTime.getAsLong() - begun >= PATIENCE.toNanos()) {
        return Optional.of(others.getFirst());
      }
      pause.run();
    }
  }
}
