package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.SeededHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Predicate;

/// What the bodies of all requests may take together, and who goes first when that is used up: one
/// body is bounded, but not how many come at once. Thread-safe.
///
/// An eighth, of all and of each holder's part, is left to small bodies, so that no number of large
/// ones keeps them out. When there is no room, the unfinished bodies are given up of whoever holds
/// most of what is used up, and more than the newcomer would.
final class Bodies {
  /// What counts as small: nearly every publish.
  private static final int SMALL_BYTES = 16 * 1024;

  /// Percent of the room, for bodies that are not small.
  private static final int LARGE_PART = 87;

  /// The least of the room that is made at once, so that not every body has to look for some.
  private static final int MADE_AT_ONCE = 64 * 1024;

  /// Looking for the greediest walks over all unfinished bodies: each holder makes it no more often
  /// than this.
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final MemoryShare share;

  /// What of it is of bodies that are not small.
  private final MemoryShare large;

  private final Set<RequestBody> unfinished = ConcurrentHashMap.newKeySet();

  /// When a holder has looked last, by its hash: some share a place, but none can choose with whom.
  private final AtomicLongArray lookedNanos = new AtomicLongArray(1024);

  Bodies(MemoryShare share) {
    this.share = share;
    this.large = share.within(LARGE_PART);
    for (int i = 0; i < lookedNanos.length(); i++) {
      lookedNanos.set(i, System.nanoTime() - LOOK_NANOS);
    }
  }

  /// The largest body for which there is room, when there is no other.
  static long largestBytes(MemoryShare share) {
    return Math.max(
        Math.min(SMALL_BYTES, share.mostForOneBytes()), share.within(LARGE_PART).mostForOneBytes());
  }

  /// Takes room for a body that is to have `bytes`.
  ///
  /// @param held what it has taken before
  /// @return false, and nothing is taken, when there is none
  boolean take(RequestBody body, long held, long bytes) {
    boolean isTaken = tryTake(body, held, bytes);
    if (!isTaken && makeRoom(body, held, bytes)) {
      isTaken = tryTake(body, held, bytes);
    }
    if (isTaken) {
      unfinished.add(body);
    }
    return isTaken;
  }

  private boolean tryTake(RequestBody body, long held, long bytes) {
    long more = ofLarge(bytes) - ofLarge(held);
    if (more > 0 && !large.take(body.holder(), more)) {
      share.refused();
      return false;
    }
    if (!share.take(body.holder(), bytes - held)) {
      large.giveBack(body.holder(), more);
      return false;
    }
    return true;
  }

  private static long ofLarge(long bytes) {
    return bytes > SMALL_BYTES ? bytes : 0;
  }

  /// A body is whole: it is not given up any more.
  void finished(RequestBody body) {
    unfinished.remove(body);
  }

  /// A body that is not needed any more, or was given up, has `bytes` left of what it has `held`.
  void giveBack(RequestBody body, long held, long bytes) {
    unfinished.remove(body);
    large.giveBack(body.holder(), ofLarge(held) - ofLarge(bytes));
    share.giveBack(body.holder(), held - bytes);
  }

  long heldBytes() {
    return share.usedBytes();
  }

  /// @return whether bodies of others were given up for this one
  private boolean makeRoom(RequestBody newcomer, long held, long bytes) {
    MemoryHolder holder = newcomer.holder();
    if (!mayLook(holder)) {
      return false;
    }
    long needed = bytes - held;
    long ofLarge = ofLarge(bytes) - ofLarge(held);
    Predicate<MemoryHolder> crowding =
        ofLarge > 0 && !large.hasRoomFor(holder, ofLarge)
            ? large.crowding(holder, ofLarge)
            : share.crowding(holder, needed);
    // How large a body that is not small becomes, nobody knows yet.
    long expected = ofLarge(bytes) > 0 ? Math.max(bytes, newcomer.maxBytes()) : bytes;
    long made = 0;
    for (Candidate each : greedier(newcomer, expected, crowding)) {
      long its = each.body.heldBytes();
      made += each.body.giveUp() ? its : 0;
      if (made >= Math.max(needed, MADE_AT_ONCE)) {
        break;
      }
    }
    return made >= needed;
  }

  private boolean mayLook(MemoryHolder holder) {
    String[] accounts = accounts(holder);
    int hash = SeededHash.of(accounts[0], accounts[1]);
    int place = Math.floorMod(hash, lookedNanos.length());
    long now = System.nanoTime();
    long last = lookedNanos.get(place);
    return now - last >= LOOK_NANOS && lookedNanos.compareAndSet(place, last, now);
  }

  /// @param lead by how much it, or who sends it, has more than the newcomer would
  private record Candidate(RequestBody body, long lead) {}

  /// The unfinished bodies of those who have more than the newcomer would, the greediest first: who
  /// has as much stays, or else equals would drive each other out for ever.
  private List<Candidate> greedier(
      RequestBody newcomer, long bytes, Predicate<MemoryHolder> crowding) {
    Map<String, Long> byAccount = new HashMap<>();
    for (RequestBody body : unfinished) {
      long its = body.equals(newcomer) ? 0 : body.heldBytes();
      for (String account : accounts(body.holder())) {
        byAccount.merge(account, its, Long::sum);
      }
    }
    for (String account : accounts(newcomer.holder())) {
      byAccount.merge(account, bytes, Long::sum);
    }
    List<Candidate> greedier = new ArrayList<>();
    for (RequestBody body : unfinished) {
      if (!body.equals(newcomer) && crowding.test(body.holder())) {
        long lead = lead(byAccount, body, newcomer.holder(), bytes);
        if (lead > 0) {
          greedier.add(new Candidate(body, lead));
        }
      }
    }
    greedier.sort(
        (one, other) -> {
          int byLead = Long.compare(other.lead, one.lead);
          return byLead != 0 ? byLead : Long.compare(other.body.heldBytes(), one.body.heldBytes());
        });
    return greedier;
  }

  /// By how much a body's key or address has more than the newcomer's would. What they have in
  /// common says nothing of either, for behind a proxy all have one address; when they have both in
  /// common, by how much the body is larger.
  private static long lead(
      Map<String, Long> byAccount, RequestBody body, MemoryHolder newcomer, long bytes) {
    String[] its = accounts(body.holder());
    String[] newcomers = accounts(newcomer);
    long lead = Long.MIN_VALUE;
    for (int i = 0; i < its.length; i++) {
      if (!its[i].equals(newcomers[i])) {
        long more = byAccount.getOrDefault(its[i], 0L) - byAccount.getOrDefault(newcomers[i], 0L);
        lead = Math.max(lead, more);
      }
    }
    return lead == Long.MIN_VALUE ? body.heldBytes() - bytes : lead;
  }

  private static String[] accounts(MemoryHolder holder) {
    return new String[] {holder.app() + "/" + holder.credential(), "at " + holder.address()};
  }
}
