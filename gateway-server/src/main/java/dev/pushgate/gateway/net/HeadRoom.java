package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the heads of requests take together: each from its first byte until its request is
/// answered, and what was sent ahead behind it. An ordinary one is about what its connection is
/// counted for anyway. Thread-safe.
///
/// When there is no room for another, the largest goes of whoever has most of what is used up, and
/// more than the newcomer would: of heads whose request the API has not been asked yet.
final class HeadRoom {
  /// Of each head: counted with its connection.
  private static final int WITH_CONNECTION = 1024;

  /// What is taken at the most for nearly every head. No such one is refused: there are no more of
  /// them than connections, and whoever has large ones gives these up first.
  private static final int SMALL_BYTES = 4 * 1024;

  private final MemoryShare share;
  private final Looks looks;
  private final Set<Head> unasked = ConcurrentHashMap.newKeySet();

  HeadRoom(MemoryShare share) {
    this(share, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  HeadRoom(MemoryShare share, LongSupplier nanoTime) {
    this.share = share;
    this.looks = new Looks(share, nanoTime);
  }

  /// Of one connection, which has one head after the other.
  ///
  /// @param onGivenUp runs on any thread when its room went to somebody else
  Head head(MemoryHolder holder, Runnable onGivenUp) {
    return new Head(holder, onGivenUp);
  }

  /// The head that is to go for one that is to have so many bytes.
  ///
  /// @param newcomer that head; null when it is for something else
  /// @param more of them are to be taken
  private @Nullable Head greediest(
      @Nullable Head newcomer, MemoryHolder holder, long bytes, long more) {
    if (bytes > SMALL_BYTES && !looks.mayLook(holder, more)) {
      return null;
    }
    Predicate<MemoryHolder> crowding = share.crowding(holder, more);
    Head greediest = null;
    long most = 0;
    for (Head each : unasked) {
      long lead =
          each == newcomer || !crowding.test(each.holder) ? 0 : each.lead(holder, bytes, more);
      if (lead > most) {
        most = lead;
        greediest = each;
      }
    }
    return greediest;
  }

  /// What a connection's present head takes. Thread-safe.
  final class Head {
    private final MemoryHolder holder;
    private final Runnable onGivenUp;
    private long heldBytes;
    private boolean isAsked;
    private boolean isOver;

    private Head(MemoryHolder holder, Runnable onGivenUp) {
      this.holder = holder;
      this.onGivenUp = onGivenUp;
    }

    /// It takes so much now. False, and it has what it had, when there is no room for that.
    boolean holds(long bytes) {
      long counted = Math.max(0, bytes - WITH_CONNECTION);
      while (!tryHold(counted)) {
        Head other = greediest(this, holder, counted, counted - heldBytes());
        if (other == null) {
          return counted <= SMALL_BYTES && hold(counted, true);
        }
        other.giveUp();
      }
      return true;
    }

    /// What is left of it waits for its turn: so much. A small rest is not counted, for the decoder
    /// that its connection was counted with is gone; and as thousands may wait it would be at the
    /// cost of those whose heads are coming.
    boolean holdsWaiting(long bytes) {
      return holds(bytes <= SMALL_BYTES ? 0 : bytes);
    }

    private boolean tryHold(long bytes) {
      return hold(bytes, false);
    }

    private synchronized boolean hold(long bytes, boolean inAnyCase) {
      if (isOver) {
        return true;
      }
      long more = bytes - heldBytes;
      if (more == 0) {
        return true;
      }
      if (more < 0) {
        share.giveBack(holder, -more);
      } else if (inAnyCase || isAsked) {
        share.force(holder, more); // it may have been carried out, and its client is to know
      } else if (!share.take(holder, more)) {
        return false;
      }
      heldBytes = bytes;
      if (bytes > 0 && !isAsked) {
        unasked.add(this);
      } else {
        unasked.remove(this);
      }
      return true;
    }

    /// The API has its request, and it is not given up any more.
    synchronized void asked() {
      isAsked = true;
      unasked.remove(this);
    }

    /// From now on it is the next request's.
    synchronized void next() {
      isAsked = false;
      if (heldBytes > 0) {
        unasked.add(this);
      }
    }

    /// There is none any more, and will be none.
    void end() {
      var unused = isEnded();
    }

    private void giveUp() {
      if (isEnded()) {
        onGivenUp.run();
      }
    }

    private synchronized boolean isEnded() {
      boolean wasThere = !isOver;
      isOver = true;
      unasked.remove(this);
      share.giveBack(holder, heldBytes);
      heldBytes = 0;
      return wasThere;
    }

    private synchronized long heldBytes() {
      return heldBytes;
    }

    /// By how much this one has more than the newcomer would: it, or its address.
    private long lead(MemoryHolder newcomer, long bytes, long more) {
      String address = holder.address();
      if (address == null || address.equals(newcomer.address())) {
        return heldBytes() - bytes;
      }
      long theirs = share.heldByAddress(newcomer) + more;
      long ours = share.heldByAddress(holder);
      // Of one address the largest.
      return ours > theirs ? ours + heldBytes() : 0;
    }
  }
}
