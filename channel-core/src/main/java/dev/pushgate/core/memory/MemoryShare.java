package dev.pushgate.core.memory;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.SeededHash;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a node may hold of one kind, and what each holder has of it. Thread-safe, without locks.
///
/// Memory is taken before it is allocated, and given back by whoever took it, with the same holder
/// and number. What is counted elsewhere, on one event loop with a limit of its own, is only
/// [noted][#note] here, for the meters. What is held only as long as nobody needs its room is
/// [spare][#noteSpare]: it is in nobody's way, and whoever holds it drops it when the share [is
/// over][#isOver].
public final class MemoryShare {
  private final MemoryKind kind;
  private final long limitBytes;
  private final MemoryParts parts;
  private final AtomicLong taken = new AtomicLong();
  private final LongAdder noted = new LongAdder();
  private final LongAdder spare = new LongAdder();
  private final LongAdder refusals = new LongAdder();

  /// By holder: what it has. An entry goes when it falls to nothing, so that there are no more of
  /// them than holders.
  private final ConcurrentMap<Object, Long> byHolder = new ConcurrentHashMap<>();

  /// Its hash is seeded, and it is comparable: names that somebody chose must make no list of a
  /// map.
  private record Credential(@Nullable AppId app, String name) implements Comparable<Credential> {
    @Override
    public int compareTo(Credential other) {
      int byName = name.compareTo(other.name);
      return byName != 0 || app == null || other.app == null ? byName : app.compareTo(other.app);
    }

    @Override
    public int hashCode() {
      return SeededHash.of(app == null ? "" : app.value(), name);
    }
  }

  public MemoryShare(MemoryKind kind, long limitBytes, MemoryParts parts) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("a limit of " + limitBytes + " bytes");
    }
    this.kind = kind;
    this.limitBytes = limitBytes;
    this.parts = parts;
  }

  /// A part of this share that is counted apart, with the same part of it for each holder: whoever
  /// takes of it takes of this one too.
  ///
  /// @param percent of the limit, 1 to 100
  public MemoryShare within(int percent) {
    return new MemoryShare(kind, MemoryParts.of(limitBytes, percent), parts);
  }

  public MemoryKind kind() {
    return kind;
  }

  public long limitBytes() {
    return limitBytes;
  }

  /// The most that one holder can have, when nobody else has anything.
  public long mostForOneBytes() {
    int smallest = Math.min(parts.app(), Math.min(parts.credential(), parts.address()));
    return MemoryParts.of(limitBytes, smallest);
  }

  /// What is held now.
  public long usedBytes() {
    return taken.get() + noted.sum() + spare.sum();
  }

  /// Whether more is held than may be.
  public boolean isOver() {
    return usedBytes() > limitBytes;
  }

  /// Whether `bytes` more, on the account of `holder`, would be [taken][#take] now.
  public boolean hasRoomFor(MemoryHolder holder, long bytes) {
    return hasRoomFor(bytes)
        && hasRoomFor(holder.app(), bytes, parts.app())
        && hasRoomFor(credential(holder), bytes, parts.credential())
        && hasRoomFor(holder.address(), bytes, parts.address());
  }

  /// Who shares the account that has no room for `bytes` more: an app's, a credential's or an
  /// address's; or that of the node, which all share.
  public Predicate<MemoryHolder> crowding(MemoryHolder holder, long bytes) {
    if (!hasRoomFor(bytes)) {
      return _ -> true;
    }
    if (!hasRoomFor(holder.app(), bytes, parts.app())) {
      return other -> Objects.equals(other.app(), holder.app());
    }
    Object credential = credential(holder);
    if (!hasRoomFor(credential, bytes, parts.credential())) {
      return other -> Objects.equals(credential(other), credential);
    }
    return other -> Objects.equals(other.address(), holder.address());
  }

  private boolean hasRoomFor(long bytes) {
    return taken.get() + noted.sum() + bytes <= limitBytes;
  }

  private boolean hasRoomFor(@Nullable Object account, long bytes, int percent) {
    return account == null || has(account) + bytes <= MemoryParts.of(limitBytes, percent);
  }

  /// What a holder's credential has; 0 when it has none.
  public long heldByCredential(MemoryHolder holder) {
    return has(credential(holder));
  }

  /// What a holder's address has; 0 when it has none.
  public long heldByAddress(MemoryHolder holder) {
    return has(holder.address());
  }

  private long has(@Nullable Object account) {
    return account == null ? 0 : byHolder.getOrDefault(account, 0L);
  }

  /// Whether it is known how much a holder's credential has.
  public boolean keepsAccountOf(MemoryHolder holder) {
    return holder.credential() != null && parts.credential() < 100;
  }

  /// Whether a holder's credential has more than its part of so many bytes: of a place that can
  /// hold some of what this share can. An app and an address, which many have in common, have no
  /// part of such a place.
  public boolean hasMoreThanItsPart(MemoryHolder holder, long ofBytes) {
    Object credential = credential(holder);
    return credential != null
        && byHolder.getOrDefault(credential, 0L) > MemoryParts.of(ofBytes, parts.credential());
  }

  /// How often something was refused, or somebody closed, for want of memory.
  public long refusals() {
    return refusals.sum();
  }

  /// Takes `bytes` on the account of `holder`. False, and nothing is taken, when the share is used
  /// up, or the holder has its part; that counts as a refusal.
  public boolean take(MemoryHolder holder, long bytes) {
    boolean isTaken = tryTake(holder, bytes);
    if (!isTaken) {
      refused();
    }
    return isTaken;
  }

  /// What is refused is not added for a moment first, or else a large one that comes again and
  /// again would have small ones refused meanwhile.
  private boolean tryTake(MemoryHolder holder, long bytes) {
    if (!hasRoomFor(holder, bytes) || !takeOfAll(bytes)) {
      return false;
    }
    if (!add(holder.app(), bytes, parts.app())) {
      taken.addAndGet(-bytes);
      return false;
    }
    if (!add(credential(holder), bytes, parts.credential())) {
      remove(holder.app(), bytes);
      taken.addAndGet(-bytes);
      return false;
    }
    if (!add(holder.address(), bytes, parts.address())) {
      remove(credential(holder), bytes);
      remove(holder.app(), bytes);
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  private boolean takeOfAll(long bytes) {
    long before = taken.get();
    while (before + bytes + noted.sum() <= limitBytes) {
      if (taken.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = taken.get();
    }
    return false;
  }

  /// Takes `bytes` whatever the limits say: for what was promised, or is there already.
  public void force(MemoryHolder holder, long bytes) {
    taken.addAndGet(bytes);
    force(holder.app(), bytes);
    force(credential(holder), bytes);
    force(holder.address(), bytes);
  }

  private void force(@Nullable Object account, long bytes) {
    if (account != null) {
      byHolder.merge(account, bytes, Long::sum);
    }
  }

  /// Gives back what [#take] or [#force] took.
  public void giveBack(MemoryHolder holder, long bytes) {
    remove(holder.address(), bytes);
    remove(credential(holder), bytes);
    remove(holder.app(), bytes);
    taken.addAndGet(-bytes);
  }

  /// Notes that more, or with a negative number less, is held of what an event loop counts and
  /// bounds by itself.
  public void note(long bytes) {
    noted.add(bytes);
  }

  /// Notes that more, or with a negative number less, is held of what is dropped when the share
  /// [is over][#isOver].
  public void noteSpare(long bytes) {
    spare.add(bytes);
  }

  /// Counts a refusal, or a closing, that was decided elsewhere.
  public void refused() {
    refusals.increment();
  }

  private static @Nullable Object credential(MemoryHolder holder) {
    String name = holder.credential();
    return name == null ? null : new Credential(holder.app(), name);
  }

  private boolean add(@Nullable Object account, long bytes, int percent) {
    if (account == null) {
      return true;
    }
    long most = MemoryParts.of(limitBytes, percent);
    boolean[] fits = {true};
    byHolder.compute(
        account,
        (_, has) -> {
          long before = has == null ? 0 : has;
          fits[0] = before + bytes <= most;
          return fits[0] ? Long.valueOf(before + bytes) : has;
        });
    return fits[0];
  }

  private void remove(@Nullable Object account, long bytes) {
    if (account != null) {
      byHolder.computeIfPresent(account, (_, has) -> has <= bytes ? null : has - bytes);
    }
  }
}
