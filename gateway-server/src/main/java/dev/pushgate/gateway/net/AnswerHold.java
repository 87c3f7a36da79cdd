package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.rest.AnswerRoom;
import java.util.concurrent.Semaphore;

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
  private final Semaphore makingLarge;

  private long takenBytes;
  private long notedBytes;
  private boolean isMakingLarge;
  private boolean isOver;

  AnswerHold(MemoryShare share, MemoryHolder holder, Semaphore makingLarge) {
    this.share = share;
    this.holder = holder;
    this.makingLarge = makingLarge;
  }

  @Override
  public synchronized boolean take(long bytes) {
    boolean isLarge = takenBytes + bytes > LARGE_BYTES && !isMakingLarge;
    if (isOver || (isLarge && !makingLarge.tryAcquire())) {
      share.refused();
      return false;
    }
    boolean isTaken = share.take(holder, bytes);
    if (isTaken) {
      takenBytes += bytes;
      isMakingLarge |= isLarge;
    } else if (isLarge) {
      makingLarge.release();
    }
    return isTaken;
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
      makingLarge.release();
    }
  }
}
