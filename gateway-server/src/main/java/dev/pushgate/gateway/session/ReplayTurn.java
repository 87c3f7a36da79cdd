package dev.pushgate.gateway.session;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.loop.DeadlineWheel;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which of a client's replays is under way, and for how long others wait for it: one whose Redis
/// is away must not hold back those of others. Confined to its session.
final class ReplayTurn {
  private final DoublingPause patience;
  private final DeadlineWheel wheel;
  private final Predicate<ClientCommand> onOverdue;
  private @Nullable ChannelKey replay;

  /// Which command began it.
  private @Nullable ClientCommand by;

  /// Whom the others wait for since the deadline was armed.
  private @Nullable ChannelKey awaited;

  /// The first that was taken back since any was answered: when it is again, all had their turn.
  private @Nullable ChannelKey roundBegan;

  private @Nullable Deadline deadline;
  private Duration next;

  /// @param patience how long others wait for a replay; longer with each round without an answer
  /// @param onOverdue is asked to take a command back; says whether it did
  ReplayTurn(DoublingPause patience, DeadlineWheel wheel, Predicate<ClientCommand> onOverdue) {
    this.patience = patience;
    this.next = patience.first();
    this.wheel = wheel;
    this.onOverdue = onOverdue;
  }

  void begin(ChannelKey key, ClientCommand command) {
    replay = key;
    by = command;
  }

  /// True when that was the one under way.
  boolean end(ChannelKey key) {
    if (replay == null || !replay.equals(key)) {
      return false;
    }
    next = patience.first();
    roundBegan = null;
    clear();
    return true;
  }

  boolean isTaken() {
    return replay != null;
  }

  boolean isOf(ChannelName channel) {
    return replay != null && replay.name().equals(channel);
  }

  /// Another replay waits for the one under way.
  void othersWait() {
    if (awaited == null && replay != null) {
      awaited = replay;
      if (deadline == null) {
        deadline = wheel.register(this::overdue, next);
      } else {
        deadline.reset(next);
      }
    }
  }

  private void overdue() {
    ChannelKey late = awaited;
    awaited = null;
    if (late != null && Objects.equals(late, replay) && by != null && onOverdue.test(by)) {
      clear();
      if (Objects.equals(late, roundBegan)) {
        next = patience.after(next);
      } else if (roundBegan == null) {
        roundBegan = late;
      }
    }
  }

  private void clear() {
    replay = null;
    by = null;
    awaited = null;
  }

  void close() {
    clear();
    if (deadline != null) {
      deadline.cancel();
    }
  }
}
