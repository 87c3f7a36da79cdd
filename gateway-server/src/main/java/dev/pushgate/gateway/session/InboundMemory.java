package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// What the clients on one loop have sent that is unfinished or waits. When there is no room for
/// more of it, the one is closed that holds most: of those on the account that is used up. Confined
/// to its loop.
final class InboundMemory {
  private final MemoryShare share;
  private final Set<Received> holders = new HashSet<>();

  /// @param share of the whole node
  InboundMemory(MemoryShare share) {
    this.share = share;
  }

  /// From now on `who` holds this many bytes; or is closed, and holds none.
  void hold(Received who, long bytes) {
    long more = bytes - who.countedBytes;
    while (more > 0 && !share.take(who.holder(), more)) {
      Received greediest = greediest(who, bytes, share.crowding(who.holder(), more));
      greediest.tooMuch();
      if (greediest.equals(who)) {
        return;
      }
    }
    if (more < 0) {
      share.giveBack(who.holder(), -more);
    }
    who.countedBytes = bytes;
    if (bytes == 0) {
      holders.remove(who);
    } else {
      holders.add(who);
    }
  }

  private Received greediest(Received asking, long bytes, Predicate<MemoryHolder> account) {
    Received greediest = asking;
    long most = bytes;
    for (Received each : holders) {
      if (each.countedBytes > most && account.test(each.holder())) {
        greediest = each;
        most = each.countedBytes;
      }
    }
    return greediest;
  }
}
