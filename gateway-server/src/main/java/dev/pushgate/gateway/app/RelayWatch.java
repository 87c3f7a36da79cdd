package dev.pushgate.gateway.app;

import dev.pushgate.gateway.relay.redis.Trouble;
import dev.pushgate.gateway.store.CanaryBoard.Sighting;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells a node that is cut off from the relay alone from a relay that is gone for all: by its own
/// canaries, and by those of the others as they wrote them on the board. Thread-safe; [#seen] is
/// called by one thread.
final class RelayWatch {
  /// What the age of a canary is that has never come.
  static final long NEVER = Long.MAX_VALUE;

  private static final long LOST_AFTER_MS = 10_000;

  /// How many readings of the board, one after the other, must find another node's canary fresh:
  /// when a relay comes back it does not come back to all in the same moment.
  private static final int READINGS = 3;

  private static final String SAME_URLS = "relay-urls";

  /// For how long a reading says anything.
  private static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String node;
  private final Supplier<List<Shard>> shards;
  private final LongSupplier nanoTime;
  private volatile Reading last;

  /// One shard of the relay, as this node sees it.
  ///
  /// @param relay what all nodes call it
  /// @param name what this node's operator calls it
  /// @param ageMs how long ago the newest of this node's messages to itself that came back was
  ///     sent, or [#NEVER]
  /// @param fits false when nodes with other URLs use it
  /// @param trouble what is wrong with it at present; null when nothing is
  record Shard(String relay, String name, long ageMs, boolean fits, @Nullable Trouble trouble) {
    /// What it refuses is known at once; what is only silent may be so for a moment.
    boolean holds() {
      return ageMs <= LOST_AFTER_MS && (trouble == null || !trouble.kind().isSaid());
    }

    String why() {
      return trouble == null ? "what this node sends itself does not come back" : trouble.words();
    }
  }

  /// What the board said.
  ///
  /// @param fresh what all nodes call a shard → how many times in succession another node's canary
  ///     of it was fresh
  private record Reading(long atNanos, Map<String, Integer> fresh) {}

  /// @param node this one's id
  /// @param shards all of the relay, as they are at the moment
  /// @param nanoTime as [System#nanoTime]
  RelayWatch(String node, Supplier<List<Shard>> shards, LongSupplier nanoTime) {
    this.node = node;
    this.shards = shards;
    this.nanoTime = nanoTime;
    this.last = new Reading(nanoTime.getAsLong(), Map.of());
  }

  /// The watch of a node that has no relay.
  static RelayWatch alone() {
    return new RelayWatch("", List::of, System::nanoTime);
  }

  String node() {
    return node;
  }

  /// What this node has to say on the board.
  Map<String, Long> toNote() {
    return shards.get().stream()
        .filter(shard -> shard.ageMs() != NEVER)
        .collect(Collectors.toMap(Shard::relay, Shard::ageMs));
  }

  /// What the board said, when it was asked just now.
  void seen(List<Sighting> board) {
    Reading before = last;
    boolean follows = nanoTime.getAsLong() - before.atNanos() <= VALID_NANOS;
    Map<String, Integer> fresh =
        board.stream()
            .filter(row -> !row.node().equals(node) && row.isFresh())
            .map(Sighting::relay)
            .distinct()
            .collect(
                Collectors.toMap(
                    relay -> relay,
                    relay -> follows ? before.fresh().getOrDefault(relay, 0) + 1 : 1));
    last = new Reading(nanoTime.getAsLong(), fresh);
  }

  /// Whether some shard of the relay cannot be reached from here while it can be from elsewhere.
  boolean isCutOff() {
    Reading reading = last;
    return nanoTime.getAsLong() - reading.atNanos() <= VALID_NANOS
        && shards.get().stream()
            .filter(shard -> shard.ageMs() > LOST_AFTER_MS)
            .anyMatch(shard -> reading.fresh().getOrDefault(shard.relay(), 0) >= needed(shard));
  }

  /// One is enough for what this node never reached: it has lost nothing that may come back, and
  /// its settings may be wrong.
  private static int needed(Shard shard) {
    return shard.ageMs() == NEVER ? 1 : READINGS;
  }

  /// Whether nodes with other URLs use the relay: then this one and they have each channel in two
  /// places. That is found at the start, unless the relay was away then.
  boolean isMisfit() {
    return !shards.get().stream().allMatch(Shard::fits);
  }

  /// A check for each shard: whether this node's messages come back through it, and it refuses
  /// nothing. And one for all: whether the other nodes name the same.
  Map<String, Boolean> checks() {
    Map<String, Boolean> checks = new HashMap<>();
    for (Shard shard : shards.get()) {
      checks.put(checkOf(shard.name()), shard.holds());
      checks.merge(SAME_URLS, shard.fits(), Boolean::logicalAnd);
    }
    return checks;
  }

  /// For each check of a shard that does not hold: why, in its own words where it said any.
  Map<String, String> reasons() {
    return shards.get().stream()
        .filter(shard -> !shard.holds())
        .collect(Collectors.toMap(shard -> checkOf(shard.name()), Shard::why));
  }

  private static String checkOf(String name) {
    return "relay-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.:-]", "-");
  }
}
