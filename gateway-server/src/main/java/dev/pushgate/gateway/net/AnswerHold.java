package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.rest.AnswerRoom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// What one answer takes of the room of all, from before it is made until it is sent or dropped.
/// Thread-safe.
final class AnswerHold implements AnswerRoom {
  /// Not refused for want of room: it goes into the socket's own buffer at once.
  private static final int SMALL_BYTES = 4 * 1024;

  /// While it is made, an answer is there more than once: as rows, as text, and as a copy of that.
  /// Of those that are larger than this, one is made at a time.
  private static final int LARGE_BYTES = 1024 * 1024;

  private final MemoryShare share;
  private final MemoryHolder holder;
  private final LargeAnswers large;
  private final Executor loop;

  private long takenBytes;
  private long notedBytes;
  private boolean isMakingLarge;
  private boolean isOver;

  /// Whether it was refused last because others make large answers.
  private boolean isBehindOthers;

  /// Of one that waits; null when it does not.
  private @Nullable CompletableFuture<Boolean> turn;

  /// @param loop where it goes on when it is its turn
  AnswerHold(MemoryShare share, MemoryHolder holder, LargeAnswers large, Executor loop) {
    this.share = share;
    this.holder = holder;
    this.large = large;
    this.loop = loop;
  }

  MemoryHolder holder() {
    return holder;
  }

  @Override
  public synchronized boolean take(long bytes) {
    isBehindOthers = false;
    if (isOver || !share.hasRoomFor(holder, bytes)) {
      share.refused();
      return false;
    }
    boolean isLarge = takenBytes + bytes > LARGE_BYTES && !isMakingLarge;
    if (isLarge && !large.begin()) {
      isBehindOthers = true;
      return false;
    }
    isMakingLarge |= isLarge;
    if (!share.take(holder, bytes)) {
      letOthersMake();
      return false;
    }
    takenBytes += bytes;
    return true;
  }

  @Override
  public CompletionStage<Boolean> turn() {
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    if (isWaiting(begun)) {
      large.await(this);
    } else {
      begun.complete(false);
    }
    return begun;
  }

  private synchronized boolean isWaiting(CompletableFuture<Boolean> begun) {
    if (isOver || !isBehindOthers) {
      return false;
    }
    isBehindOthers = false;
    turn = begun;
    return true;
  }

  /// It may make its large answer. On any thread; it goes on on its own, so that whoever made room
  /// does not do another's work.
  void isItsTurn() {
    loop.execute(
        () -> {
          CompletableFuture<Boolean> waited = begun(true);
          if (waited == null) {
            large.end();
          } else {
            waited.complete(true);
          }
        });
  }

  /// Nobody waits for the answer any more: it does not wait either.
  void giveUp() {
    large.leave(this);
    CompletableFuture<Boolean> waited = begun(false);
    if (waited != null) {
      waited.complete(false);
    }
  }

  private synchronized @Nullable CompletableFuture<Boolean> begun(boolean isItsTurn) {
    CompletableFuture<Boolean> waited = turn;
    turn = null;
    isMakingLarge |= waited != null && isItsTurn;
    return waited;
  }

  /// The answer is made, and this long.
  ///
  /// @param mayRefuse whether another can be given instead: it carried nothing out
  /// @return false when there is no room for it; then it still holds what it took
  synchronized boolean made(int bytes, boolean mayRefuse) {
    letOthersMake();
    long more = bytes - takenBytes;
    if (more <= 0) {
      share.giveBack(holder, -more);
      takenBytes = bytes;
    } else if (bytes > SMALL_BYTES && share.take(holder, more)) {
      takenBytes = bytes;
    } else if (bytes > SMALL_BYTES && mayRefuse) {
      return false;
    } else {
      notedBytes = more;
      share.note(more);
    }
    return true;
  }

  /// The answer is sent, or nobody wants it any more.
  synchronized void end() {
    isOver = true;
    letOthersMake();
    share.giveBack(holder, takenBytes);
    share.note(-notedBytes);
    takenBytes = 0;
    notedBytes = 0;
  }

  private void letOthersMake() {
    if (isMakingLarge) {
      isMakingLarge = false;
      large.end();
    }
  }
}
