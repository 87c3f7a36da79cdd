package dev.pushgate.core.memory;

import dev.pushgate.core.name.AppId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What a node may hold of one kind, and what each holder has of it. Thread-safe, without locks.
///
/// Memory is taken before it is allocated, and given back by whoever took it, with the same holder
/// and number. What is counted elsewhere, on one event loop with a limit of its own, is only
/// [noted][#note] here, for the meters.
public final class MemoryShare {
  private final MemoryKind kind;
  private final long limitBytes;
  private final MemoryParts parts;
  private final AtomicLong taken = new AtomicLong();
  private final LongAdder noted = new LongAdder();
  private final LongAdder refusals = new LongAdder();

  /// By holder: what it has. An entry goes when it falls to nothing, so that there are no more of
  /// them than holders.
  private final ConcurrentMap<Object, Long> byHolder = new ConcurrentHashMap<>();

  /// Comparable, so that a map of names that somebody chose to collide is no list.
  private record Credential(@Nullable AppId app, String name) implements Comparable<Credential> {
    @Override
    public int compareTo(Credential other) {
      int byName = name.compareTo(other.name);
      return byName != 0 || app == null || other.app == null ? byName : app.compareTo(other.app);
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

  public MemoryKind kind() {
    return kind;
  }

  public long limitBytes() {
    return limitBytes;
  }

  /// What is held now.
  public long usedBytes() {
    return taken.get() + noted.sum();
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

  private boolean tryTake(MemoryHolder holder, long bytes) {
    if (taken.addAndGet(bytes) + noted.sum() > limitBytes) {
      taken.addAndGet(-bytes);
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

  /// Gives back what [#take] took.
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

  /// Counts a refusal, or a closing, that was decided elsewhere.
  public void refused() {
    refusals.increment();
  }

  private static @Nullable Object credential(MemoryHolder holder) {
    String name = holder.credential();
    return name == null ? null : new Credential(holder.app(), name);
  }

  private boolean add(@Nullable Object account, long bytes, int percent) {
    if (account == null || percent == 100) {
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
