package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How it stands with one Redis. Everything that is wrong with it until all of it has worked for a
/// while is one outage, of which the log has a line at its beginning, one for each further reason
/// that Redis gives, up to [#LINES_MAX], and one at its end. Thread-safe.
final class ShardState {
  /// What can fail by itself.
  enum Part {
    /// The connection that scripts go over.
    CALLS("is away"),
    /// Whether scripts may write.
    WRITES("refuses to write"),
    /// The connection that messages come over.
    MESSAGES("brings no messages"),
    /// Whether what a node publishes comes back to it.
    CANARY("is deaf or mute");

    private final String failing;

    Part(String failing) {
      this.failing = failing;
    }
  }

  /// For how long all must have worked until an outage is over: what comes and goes is one.
  static final Duration SETTLED = Duration.ofSeconds(5);

  static final int LINES_MAX = 4;

  private static final Logger log = LoggerFactory.getLogger(RelayShard.class);

  private final String shard;
  private final RelayClient client;
  private final List<Runnable> whenUp = new CopyOnWriteArrayList<>();
  private final Map<Part, Trouble> troubles = new EnumMap<>(Part.class);
  private @Nullable Outage outage;
  private boolean isKnown;

  private static final class Outage {
    final Set<Trouble.Kind> told = EnumSet.noneOf(Trouble.Kind.class);
    final long sinceNanos = System.nanoTime();
    Trouble newest;
    long wellSinceNanos;
    boolean isWatched;

    Outage(Trouble first) {
      this.newest = first;
    }
  }

  ShardState(String shard, RelayClient client) {
    this.shard = shard;
    this.client = client;
  }

  /// Runs a listener whenever scripts can be called again.
  void onUp(Runnable listener) {
    whenUp.add(listener);
  }

  /// Scripts can be called, now or again.
  void up() {
    works(Part.CALLS);
    sayFirst();
    whenUp.forEach(Runnable::run);
  }

  private synchronized void sayFirst() {
    if (!isKnown && outage == null) {
      log.info("relay {} is connected", shard);
    }
    isKnown = true;
  }

  /// What is wrong, or was until a few seconds ago; null when all is well.
  synchronized @Nullable Trouble trouble() {
    return outage == null ? null : outage.newest;
  }

  synchronized void fails(Part part, Trouble trouble) {
    Outage now = outage;
    if (now == null) {
      now = new Outage(trouble);
      outage = now;
    }
    if (part == Part.CALLS) {
      troubles.remove(Part.WRITES); // nobody knows that any more
    }
    troubles.put(part, trouble);
    now.newest = worst();
    if (isNews(now, trouble.kind())) {
      now.told.add(trouble.kind());
      log.warn("relay {} {}: {}", shard, part.failing, trouble.words());
    }
  }

  /// Behind any other line a connection that is lost, too, says nothing.
  private static boolean isNews(Outage outage, Trouble.Kind kind) {
    return outage.told.isEmpty()
        || (kind.isSaid() && outage.told.size() < LINES_MAX && !outage.told.contains(kind));
  }

  /// What Redis says tells more than a connection that is lost.
  private Trouble worst() {
    return troubles.values().stream()
        .filter(trouble -> trouble.kind().isSaid())
        .findFirst()
        .orElseGet(() -> troubles.values().iterator().next());
  }

  synchronized void works(Part part) {
    Outage now = outage;
    if (now == null || troubles.remove(part) == null) {
      return;
    }
    if (!troubles.isEmpty()) {
      now.newest = worst();
      return;
    }
    now.wellSinceNanos = System.nanoTime();
    if (!now.isWatched) {
      now.isWatched = true;
      client.after(SETTLED, this::settle);
    }
  }

  private synchronized void settle() {
    Outage now = outage;
    if (now == null) {
      return;
    }
    Duration left = SETTLED.minusNanos(System.nanoTime() - now.wellSinceNanos);
    if (!troubles.isEmpty()) {
      now.isWatched = false;
    } else if (left.isPositive()) {
      client.after(left, this::settle);
    } else {
      outage = null;
      long ms = TimeUnit.NANOSECONDS.toMillis(now.wellSinceNanos - now.sinceNanos);
      log.info("relay {} is back after {} ms", shard, ms);
    }
  }
}
