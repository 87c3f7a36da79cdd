package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Holds the publishes of one channel to the time within which each is answered, counted from its
/// own call, whatever its home waits for: the store's limit holds for each thing that the store is
/// asked, and one publish may need several. One timer for all. Confined to its home.
final class PublishTimes {
  private final ChannelKey key;
  private final HomeHost host;
  private final Runnable onOverdue;
  private final Deque<Timed> asked = new ArrayDeque<>(4);
  private boolean armed;

  /// An answer that is given once: in time, or instead of what comes too late.
  private static final class Timed implements Answer<Published> {
    private final long dueMs;
    private @Nullable Answer<Published> waiting;

    Timed(Answer<Published> waiting, long dueMs) {
      this.waiting = waiting;
      this.dueMs = dueMs;
    }

    @Override
    public void give(Outcome<Published> outcome) {
      Answer<Published> answer = waiting;
      if (answer != null) {
        waiting = null;
        answer.give(outcome);
      }
    }
  }

  /// @param onOverdue is called when some are overdue, before they are told that nobody knows: to
  ///     refuse those of which more is known
  PublishTimes(ChannelKey key, HomeHost host, Runnable onOverdue) {
    this.key = key;
    this.host = host;
    this.onOverdue = onOverdue;
  }

  /// An answer to be given instead of this one, from now on within the time.
  Answer<Published> timed(Answer<Published> answer) {
    Timed timed = new Timed(answer, host.steadyMs() + host.limits().waiting().answer().toMillis());
    dropGiven();
    asked.addLast(timed);
    arm(timed);
    return timed;
  }

  boolean isOverdue(StoreJob job) {
    return job instanceof StoreJob.Publish(_, Answer<Published> answer)
        && answer instanceof Timed timed
        && isOverdue(timed);
  }

  private boolean isOverdue(Timed timed) {
    return timed.dueMs - host.steadyMs() <= 0;
  }

  private void dropGiven() {
    while (!asked.isEmpty() && asked.getFirst().waiting == null) {
      asked.removeFirst();
    }
  }

  private void arm(Timed first) {
    if (!armed) {
      armed = true;
      long ms = Math.max(1, first.dueMs - host.steadyMs());
      host.runLater(key, this::look, Duration.ofMillis(ms));
    }
  }

  private void look() {
    armed = false;
    dropGiven();
    if (!asked.isEmpty() && isOverdue(asked.getFirst())) {
      onOverdue.run();
      while (!asked.isEmpty() && isOverdue(asked.getFirst())) {
        asked.removeFirst().give(CommitQueue.refused(CommitQueue.UNKNOWN));
      }
    }
    if (!asked.isEmpty()) {
      arm(asked.getFirst());
    }
  }
}
