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
  private final Predicate<ClientCommand.Subscribe> onOverdue;
  private @Nullable ChannelKey replay;

  /// Which began it; null when the roster is awaited, which cannot be taken back.
  private ClientCommand.@Nullable Subscribe subscribe;

  /// Whom the others wait for since the deadline was armed.
  private @Nullable ChannelKey awaited;

  private @Nullable Deadline deadline;
  private Duration next;

  /// @param patience how long others wait for a replay; the longer, the longer none is answered
  /// @param onOverdue is asked to take a subscribe back; says whether it did
  ReplayTurn(
      DoublingPause patience, DeadlineWheel wheel, Predicate<ClientCommand.Subscribe> onOverdue) {
    this.patience = patience;
    this.next = patience.first();
    this.wheel = wheel;
    this.onOverdue = onOverdue;
  }

  void begin(ChannelKey key, ClientCommand.@Nullable Subscribe by) {
    replay = key;
    subscribe = by;
  }

  /// True when that was the one under way.
  boolean end(ChannelKey key) {
    if (replay == null || !replay.equals(key)) {
      return false;
    }
    next = patience.first();
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
    ClientCommand.Subscribe late = subscribe;
    boolean same = Objects.equals(awaited, replay);
    awaited = null;
    if (same && late != null && onOverdue.test(late)) {
      next = patience.after(next);
      clear();
    }
  }

  private void clear() {
    replay = null;
    subscribe = null;
  }

  void close() {
    clear();
    if (deadline != null) {
      deadline.cancel();
    }
  }
}
