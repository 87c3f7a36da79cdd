package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What the bodies of all requests may take together, and who goes first when that is used up: one
/// body is bounded, but not how many come at once. Thread-safe.
///
/// A part is kept for small bodies, so that no number of large ones keeps them out. When all is
/// used up, the largest unfinished body of whoever holds most, and more than the newcomer, is given
/// up.
final class Bodies {
  /// What counts as small: nearly every publish.
  private static final int SMALL_BYTES = 16 * 1024;

  private static final int KEPT_FOR_SMALL = 8;

  /// Looking for the greediest walks over all unfinished bodies.
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final MemoryShare share;
  private final Set<RequestBody> unfinished = ConcurrentHashMap.newKeySet();
  private final AtomicLong lookedNanos = new AtomicLong(System.nanoTime() - LOOK_NANOS);

  Bodies(MemoryShare share) {
    this.share = share;
  }

  /// Takes room for `bytes` more of a body that has `held`.
  ///
  /// @return false, and nothing is taken, when there is none
  boolean take(RequestBody body, long held, long bytes) {
    if (isKept(held, bytes)) {
      share.refused();
      giveUpTheGreediest(body.holder());
      return false;
    }
    if (share.take(body.holder(), bytes)) {
      unfinished.add(body);
      return true;
    }
    return isUsedUp(bytes)
        && giveUpTheGreediest(body.holder())
        && share.take(body.holder(), bytes)
        && unfinished.add(body);
  }

  /// A body is whole: it is not given up any more.
  void finished(RequestBody body) {
    unfinished.remove(body);
  }

  void giveBack(RequestBody body, long bytes) {
    unfinished.remove(body);
    share.giveBack(body.holder(), bytes);
  }

  long heldBytes() {
    return share.usedBytes();
  }

  /// Whether a body that is not small would take what is kept for those that are. One alone may
  /// have all there is.
  private boolean isKept(long held, long bytes) {
    long used = share.usedBytes();
    long limit = share.limitBytes();
    return held + bytes > SMALL_BYTES
        && used > held
        && used + bytes > limit - limit / KEPT_FOR_SMALL;
  }

  private boolean isUsedUp(long bytes) {
    return share.usedBytes() + bytes > share.limitBytes();
  }

  /// @return whether somebody other than `newcomer` was given up for it
  private boolean giveUpTheGreediest(MemoryHolder newcomer) {
    long now = System.nanoTime();
    long last = lookedNanos.get();
    if (now - last < LOOK_NANOS || !lookedNanos.compareAndSet(last, now)) {
      return false;
    }
    Map<String, Long> byAccount = new HashMap<>();
    for (RequestBody body : unfinished) {
      for (String account : accounts(body.holder())) {
        byAccount.merge(account, body.heldBytes(), Long::sum);
      }
    }
    RequestBody largest = null;
    long mostBytes = 0;
    for (RequestBody body : unfinished) {
      long more = lead(byAccount, body.holder(), newcomer);
      boolean isAhead =
          largest == null
              ? more > 0
              : more > mostBytes || (more == mostBytes && body.heldBytes() > largest.heldBytes());
      if (isAhead) {
        largest = body;
        mostBytes = more;
      }
    }
    return largest != null && largest.giveUp();
  }

  /// By how much a holder's key or address has more than the newcomer's. What they have in common
  /// says nothing of either: behind a proxy all have one address.
  private static long lead(
      Map<String, Long> byAccount, MemoryHolder holder, MemoryHolder newcomer) {
    String[] its = accounts(holder);
    String[] newcomers = accounts(newcomer);
    long lead = 0;
    for (int i = 0; i < its.length; i++) {
      if (!its[i].equals(newcomers[i])) {
        long difference =
            byAccount.getOrDefault(its[i], 0L) - byAccount.getOrDefault(newcomers[i], 0L);
        lead = Math.max(lead, difference);
      }
    }
    return lead;
  }

  private static String[] accounts(MemoryHolder holder) {
    return new String[] {holder.app() + "/" + holder.credential(), "at " + holder.address()};
  }
}
