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
        Head other = greediest(counted);
        if (other == null) {
          return false;
        }
        other.giveUp();
      }
      return true;
    }

    private synchronized boolean tryHold(long bytes) {
      if (isOver) {
        return true;
      }
      long more = bytes - heldBytes;
      if (more < 0) {
        share.giveBack(holder, -more);
      } else if (isAsked) {
        share.force(holder, more); // it may have been carried out, and its client is to know
      } else if (more > 0 && !share.take(holder, more)) {
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

    /// The head that is to go for this one, when it is to have so much.
    private @Nullable Head greediest(long bytes) {
      long more = bytes - heldBytes();
      if (!looks.mayLook(holder, more)) {
        return null;
      }
      Predicate<MemoryHolder> crowding = share.crowding(holder, more);
      Head greediest = null;
      long most = 0;
      for (Head other : unasked) {
        long lead = other == this || !crowding.test(other.holder) ? 0 : lead(other, bytes, more);
        if (lead > most) {
          most = lead;
          greediest = other;
        }
      }
      return greediest;
    }

    /// By how much another has more than this one would: it, or its address.
    private long lead(Head other, long bytes, long more) {
      String address = other.holder.address();
      if (address == null || address.equals(holder.address())) {
        return other.heldBytes() - bytes;
      }
      long ours = share.heldByAddress(holder) + more;
      long theirs = share.heldByAddress(other.holder);
      // Of one address the largest.
      return theirs > ours ? theirs + other.heldBytes() : 0;
    }
  }
}
