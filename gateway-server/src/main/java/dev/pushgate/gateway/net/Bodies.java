package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// What the bodies of all requests may take together, and who goes first when that is used up: one
/// body is bounded, but not how many come at once. Thread-safe.
///
/// An eighth, of all and of each holder's part, is left to small bodies, so that no number of large
/// ones keeps them out. When there is no room, the unfinished bodies are given up of whoever holds
/// most of what is used up, and more than the newcomer would. Much of it at once: whoever renews
/// what was given up takes that room again one by one, and meanwhile others get in.
final class Bodies {
  /// What counts as small: nearly every publish.
  private static final int SMALL_BYTES = 16 * 1024;

  /// Percent of the room, for bodies that are not small.
  private static final int LARGE_PART = 87;

  /// The part of what one holder may have that is made free at once.
  private static final int PARTS_MADE_AT_ONCE = 8;

  private final MemoryShare share;

  /// What of it is of bodies that are not small.
  private final MemoryShare large;

  private final Set<RequestBody> unfinished = ConcurrentHashMap.newKeySet();

  private final Looks looks;

  Bodies(MemoryShare share) {
    this(share, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  Bodies(MemoryShare share, LongSupplier nanoTime) {
    this.share = share;
    this.large = share.within(LARGE_PART);
    this.looks = new Looks(share, nanoTime);
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
    boolean isTaken = tryTake(body, held, bytes) || takeFromGreedier(body, held, bytes);
    if (isTaken) {
      unfinished.add(body);
    }
    return isTaken;
  }

  /// The room that was made for a small body is its own, also when others were faster.
  private boolean takeFromGreedier(RequestBody body, long held, long bytes) {
    if (!looks.mayLook(body.holder(), bytes - held) || !makeRoom(body, held, bytes)) {
      return false;
    }
    if (ofLarge(bytes) > 0) {
      return tryTake(body, held, bytes);
    }
    share.force(body.holder(), bytes - held);
    return true;
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

  /// @return whether there is room now
  private boolean makeRoom(RequestBody newcomer, long held, long bytes) {
    return makeRoom(large, newcomer, ofLarge(bytes) - ofLarge(held), held, bytes)
        && makeRoom(share, newcomer, bytes - held, held, bytes);
  }

  /// @param of what has to have room: of [#large] only large bodies make some
  private boolean makeRoom(
      MemoryShare of, RequestBody newcomer, long needed, long held, long bytes) {
    if (of.hasRoomFor(newcomer.holder(), needed)) {
      return true;
    }
    Predicate<MemoryHolder> crowding = of.crowding(newcomer.holder(), needed);
    // How large a body that is not small becomes, nobody knows yet.
    long expected = ofLarge(bytes) > 0 ? Math.max(bytes, newcomer.maxBytes()) : bytes;
    long enough = Math.max(needed, of.mostForOneBytes() / PARTS_MADE_AT_ONCE);
    long made = 0;
    for (Candidate each : greedier(newcomer, held, expected, crowding)) {
      long its = of == large ? ofLarge(each.body.heldBytes()) : each.body.heldBytes();
      // As more of them go, who sends them is less greedy.
      if (its > 0 && lead(each.body, newcomer, held, expected).isAny() && each.body.giveUp()) {
        made += its;
      }
      if (made >= enough) {
        break;
      }
    }
    return made >= needed;
  }

  private record Candidate(RequestBody body, Lead lead) {}

  /// By how much a body's credential and address have more than the newcomer's would.
  private record Lead(long ofCredential, long ofAddress) {
    boolean isAny() {
      return ofCredential > 0 || ofAddress > 0;
    }

    long sum() {
      return ofCredential + ofAddress;
    }
  }

  /// The unfinished bodies of those who have more than the newcomer would, the greediest first: who
  /// has as much stays, or else equals would drive each other out for ever.
  private List<Candidate> greedier(
      RequestBody newcomer, long held, long bytes, Predicate<MemoryHolder> crowding) {
    List<Candidate> greedier = new ArrayList<>();
    for (RequestBody body : unfinished) {
      if (!body.equals(newcomer) && crowding.test(body.holder())) {
        Lead lead = lead(body, newcomer, held, bytes);
        if (lead.isAny()) {
          greedier.add(new Candidate(body, lead));
        }
      }
    }
    greedier.sort(
        Comparator.comparingLong((Candidate each) -> each.lead.sum())
            .thenComparingLong(each -> each.body.heldBytes())
            .reversed());
    return greedier;
  }

  /// What they have in common says nothing of either, for behind a proxy all have one address; when
  /// they have both in common, by how much the body is larger. What counts is all that each has,
  /// whole bodies too.
  private Lead lead(RequestBody body, RequestBody newcomer, long held, long bytes) {
    MemoryHolder its = body.holder();
    MemoryHolder newcomers = newcomer.holder();
    boolean isOfSameCredential =
        Objects.equals(its.app(), newcomers.app())
            && Objects.equals(its.credential(), newcomers.credential());
    boolean isOfSameAddress = Objects.equals(its.address(), newcomers.address());
    if (isOfSameCredential && isOfSameAddress) {
      return new Lead(body.heldBytes() - bytes, 0);
    }
    long more = bytes - held;
    return new Lead(
        isOfSameCredential
            ? 0
            : share.heldByCredential(its) - share.heldByCredential(newcomers) - more,
        isOfSameAddress ? 0 : share.heldByAddress(its) - share.heldByAddress(newcomers) - more);
  }
}
