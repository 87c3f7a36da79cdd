package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    if (more > 0 && who.isGoing()) {
      return; // it holds nothing in a moment
    }
    boolean isTaken = more <= 0;
    while (!isTaken && !share.take(who.holder(), more)) {
      Victim victim = makeRoom(who, bytes, more);
      if (victim == null) {
        isTaken = true;
      } else if (victim.received.equals(who)) {
        who.tooMuch();
        return;
      } else if (victim.received.isOnLoopOf(who)) {
        try {
          victim.received.tooMuch();
        } finally {
          gone(victim.bytes);
        }
      } else {
        victim.received.tooMuchSoon(() -> gone(victim.bytes));
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

  /// Who is to be closed.
  ///
  /// @param bytes what it held
  private record Victim(Received received, long bytes) {}

  /// Takes of the room of those who are going, or chooses who goes next. In one step: or else of
  /// two loops that want the same one's room, the second would choose another.
  ///
  /// @return null when it has been taken
  private synchronized @Nullable Victim makeRoom(Received who, long bytes, long more) {
    if (lentBytes + more <= goingBytes) {
      lentBytes += more;
      share.force(who.holder(), more);
      return null;
    }
    // One may have gone meanwhile.
    while (!share.hasRoomFor(who.holder(), more) || !share.take(who.holder(), more)) {
      Received greediest = greediest(who, bytes, share.crowding(who.holder(), more));
      if (greediest.equals(who)) {
        return new Victim(who, bytes);
      }
      Long its = holders.remove(greediest);
      if (its != null) {
        greediest.goes();
        goingBytes += its;
        return new Victim(greediest, its);
      }
    }
    return null;
  }

  private synchronized void gone(long bytes) {
    goingBytes -= bytes;
    if (goingBytes == 0) {
      lentBytes = 0;
    }
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
