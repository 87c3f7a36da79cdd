package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// What the clients of the node have sent that is unfinished or waits. When there is no room for
/// more of it, the one is closed that holds most: of those on the account that is used up, on
/// whatever loop. Thread-safe; each is held for on its own loop.
public final class InboundMemory {
  private final MemoryShare share;
  private final Map<Received, Long> holders = new ConcurrentHashMap<>();

  /// What those hold who are being closed on other loops, and what others have of it already: it
  /// is there in a moment, so nobody else is closed meanwhile.
  private long goingBytes;

  private long lentBytes;

  /// @param share of the whole node
  public InboundMemory(MemoryShare share) {
    this.share = share;
  }

  /// From now on `who` holds this many bytes; or is closed, and holds none.
  void hold(Received who, long bytes) {
    long more = bytes - who.countedBytes;
    boolean isTaken = more <= 0;
    while (!isTaken && !share.take(who.holder(), more)) {
      if (lend(more)) {
        share.force(who.holder(), more);
        isTaken = true;
        continue;
      }
      Received greediest = greediest(who, bytes, share.crowding(who.holder(), more));
      if (greediest.equals(who)) {
        who.tooMuch();
        return;
      }
      Long its = holders.remove(greediest);
      if (its != null && greediest.isOnLoopOf(who)) {
        greediest.tooMuch();
      } else if (its != null) {
        goes(its);
        greediest.tooMuchSoon(() -> gone(its));
      }
    }
    if (more < 0) {
      share.giveBack(who.holder(), -more);
    }
    who.countedBytes = bytes;
    if (bytes == 0 || who.isGoing()) {
      holders.remove(who);
    } else {
      holders.put(who, bytes);
    }
  }

  private synchronized void goes(long bytes) {
    goingBytes += bytes;
  }

  private synchronized void gone(long bytes) {
    goingBytes -= bytes;
    if (goingBytes == 0) {
      lentBytes = 0;
    }
  }

  private synchronized boolean lend(long bytes) {
    boolean isLent = lentBytes + bytes <= goingBytes;
    lentBytes += isLent ? bytes : 0;
    return isLent;
  }

  private Received greediest(Received asking, long bytes, Predicate<MemoryHolder> account) {
    Received greediest = asking;
    long most = bytes;
    for (Map.Entry<Received, Long> each : holders.entrySet()) {
      Received holder = each.getKey();
      if (each.getValue() > most && !holder.isGoing() && account.test(holder.holder())) {
        greediest = holder;
        most = each.getValue();
      }
    }
    return greediest;
  }
}
