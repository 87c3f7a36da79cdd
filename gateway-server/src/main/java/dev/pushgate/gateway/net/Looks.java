package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.SeededHash;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// How often somebody may look for whom to take room from, which walks over all who have some: who
/// holds little of a share always, others now and then. Thread-safe.
final class Looks {
  /// Who holds a smaller part of all than this is modest.
  private static final int MODEST_PARTS = 16;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final MemoryShare share;
  private final LongSupplier nanoTime;

  /// When a holder has looked last, by its hash: some share a place, but none can choose with whom.
  private final AtomicLongArray lastNanos = new AtomicLongArray(1024);

  Looks(MemoryShare share, LongSupplier nanoTime) {
    this.share = share;
    this.nanoTime = nanoTime;
    for (int i = 0; i < lastNanos.length(); i++) {
      lastNanos.set(i, nanoTime.getAsLong() - PAUSE_NANOS);
    }
  }

  /// Whether a holder may look now that is to have so much more.
  boolean mayLook(MemoryHolder holder, long more) {
    long has =
        holder.credential() == null ? share.heldByAddress(holder) : share.heldByCredential(holder);
    return has + more <= share.limitBytes() / MODEST_PARTS || hasPaused(holder);
  }

  private boolean hasPaused(MemoryHolder holder) {
    int place = Math.floorMod(hash(holder), lastNanos.length());
    long now = nanoTime.getAsLong();
    long last = lastNanos.get(place);
    return now - last >= PAUSE_NANOS && lastNanos.compareAndSet(place, last, now);
  }

  private static int hash(MemoryHolder holder) {
    return holder.credential() == null
        ? SeededHash.of("", String.valueOf(holder.address()))
        : SeededHash.of(String.valueOf(holder.app()), holder.credential());
  }
}
