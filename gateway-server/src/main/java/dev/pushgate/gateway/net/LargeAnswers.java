package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Who may make a large answer now: one at a time, for while it is made it is there more than once.
/// Who waits has his turn before anybody has a second one, so that no number of requests by one
/// keeps others waiting. Thread-safe.
final class LargeAnswers {
  /// Those who wait of each holder, whatever its address, and first of whoever is next.
  private final LinkedHashMap<MemoryHolder, Queue<AnswerHold>> waiting = new LinkedHashMap<>();

  private boolean isTaken;

  /// @return false when somebody makes one
  synchronized boolean begin() {
    boolean isFree = !isTaken;
    isTaken = true;
    return isFree;
  }

  /// Has it [told][AnswerHold#isItsTurn] when it is its turn: as if it had [begun][#begin] then.
  void await(AnswerHold hold) {
    if (isFirst(hold)) {
      hold.isItsTurn();
    }
  }

  private synchronized boolean isFirst(AnswerHold hold) {
    if (begin()) {
      return true;
    }
    waiting.computeIfAbsent(whose(hold), _ -> new ArrayDeque<>()).add(hold);
    return false;
  }

  /// Its large answer is made, or comes to nothing.
  void end() {
    AnswerHold next = next();
    if (next != null) {
      next.isItsTurn();
    }
  }

  private synchronized @Nullable AnswerHold next() {
    var first = waiting.pollFirstEntry();
    isTaken = first != null;
    if (first == null) {
      return null;
    }
    AnswerHold next = first.getValue().remove();
    if (!first.getValue().isEmpty()) {
      waiting.put(first.getKey(), first.getValue());
    }
    return next;
  }

  /// It does not wait any more.
  synchronized void leave(AnswerHold hold) {
    waiting.computeIfPresent(
        whose(hold),
        (_, its) -> {
          its.remove(hold);
          return its.isEmpty() ? null : its;
        });
  }

  private static MemoryHolder whose(AnswerHold hold) {
    MemoryHolder holder = hold.holder();
    return holder.credential() == null
        ? holder
        : new MemoryHolder(holder.app(), holder.credential(), null);
  }
}
