package dev.pushgate.gateway.session;

import dev.pushgate.core.shard.ShardLoop;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How long the commands of all clients, and the upgrades of newcomers, may keep one loop from
/// everything else. Confined to that loop.
///
/// A client may send hundreds of commands at once, and thousands of clients may do so at the same
/// time: carried out as they come, they would keep publishes and their fan-out waiting for seconds.
/// So in one round of the loop commands are carried out for a moment only, and a few of each
/// session. What is left waits in the sessions' inboxes for the next round, behind the I/O of all,
/// and the sessions take turns.
final class CommandTurns {
  /// How many commands of one session are carried out in a round.
  static final int OF_ONE_SESSION = 16;

  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final ShardLoop loop;
  private final LongSupplier nanoTime;
  private final SequencedSet<Runnable> waiting = new LinkedHashSet<>();
  private long round;
  private long begunNanos;
  private boolean nextComes;

  CommandTurns(ShardLoop loop, LongSupplier nanoTime) {
    this.loop = loop;
    this.nanoTime = nanoTime;
  }

  /// The number of this round, which begins when nobody has asked since the last.
  long round() {
    if (!nextComes) {
      begin();
      comeAgain();
    }
    return round;
  }

  /// Whether a command may be carried out in this round.
  boolean hasTime() {
    return nanoTime.getAsLong() - begunNanos < ROUND_NANOS;
  }

  /// Runs `turn` in the next round that has time for it, behind those that wait already.
  void add(Runnable turn) {
    waiting.add(turn);
    comeAgain();
  }

  /// It waits no more.
  void remove(Runnable turn) {
    waiting.remove(turn);
  }

  private void begin() {
    round++;
    begunNanos = nanoTime.getAsLong();
  }

  private void comeAgain() {
    if (!nextComes) {
      nextComes = true;
      loop.runAfterIo(this::next);
    }
  }

  private void next() {
    begin();
    try {
      for (int left = waiting.size(); left > 0 && !waiting.isEmpty() && hasTime(); left--) {
        waiting.removeFirst().run();
      }
    } finally {
      nextComes = false; // only now: those who asked were in this round
      if (!waiting.isEmpty()) {
        comeAgain();
      }
    }
  }
}
