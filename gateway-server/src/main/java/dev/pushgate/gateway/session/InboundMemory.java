package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.HashSet;
import java.util.Objects;
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
      Received greediest = greediest(who, bytes, sharing(who.holder(), more));
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

  /// Who shares the account that has no room for this many bytes: an app's, a credential's or an
  /// address's, or that of the node, which all share.
  private Predicate<MemoryHolder> sharing(MemoryHolder asking, long bytes) {
    if (share.usedBytes() + bytes > share.limitBytes()) {
      return _ -> true;
    }
    if (isFull(new MemoryHolder(asking.app(), null, null), bytes)) {
      return other -> Objects.equals(other.app(), asking.app());
    }
    if (isFull(new MemoryHolder(asking.app(), asking.credential(), null), bytes)) {
      return other ->
          Objects.equals(other.app(), asking.app())
              && Objects.equals(other.credential(), asking.credential());
    }
    return other -> Objects.equals(other.address(), asking.address());
  }

  private boolean isFull(MemoryHolder account, long bytes) {
    boolean hasRoom = share.take(account, bytes);
    if (hasRoom) {
      share.giveBack(account, bytes);
    }
    return !hasRoom;
  }
}
