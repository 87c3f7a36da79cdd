package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.shard.OutboundMemory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/// Who is sent next what it missed, of all clients on one loop: when there is neither memory nor
/// time for all of it, accounts take turns, and each key and each address has its part of both. So
/// whoever asks for little is served next, however many wait for somebody else. Who takes nothing
/// of what it asked for, while others wait for the room, is cut. Confined to its loop.
final class ReplayBudget {
  /// How soon it is looked at again who may begin.
  private static final Duration PAUSE = Duration.ofMillis(100);

  /// What began within so many nanoseconds may not be in memory yet.
  private static final long WINDOW_NANOS = Duration.ofMillis(50).toNanos();

  /// For how long somebody may take nothing while others wait for the room.
  private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

  /// From how many accounts on it is looked for those that are not needed any more.
  private static final int SWEEP = 1_024;

  private final OutboundMemory memory;
  private final BiConsumer<Runnable, Duration> later;
  private final LongSupplier nanoTime;
  private final long bytesPerSecond;
  private final MemoryParts parts;
  private final Account all;
  private final Map<String, Account> accounts = new HashMap<>();

  /// Those that wait, by account: of each the first that came is next.
  private final Map<String, Line> lines = new HashMap<>();

  private final Deque<Line> turns = new ArrayDeque<>();

  /// Those who have not taken all that they were sent again.
  private final Set<ReplayPlace> unread = new LinkedHashSet<>();

  private boolean isArmed;
  private int waiting;
  private int sweepAt = SWEEP;

  /// About how long replays are, as of late.
  private long usualBytes;

  private record Line(String name, Deque<ReplayPlace> places) {}

  /// What one key, one address, or all together have.
  private static final class Account {
    final long mostBytes;
    final ReplayRate rate;
    long unreadBytes;
    int begun;
    long window;

    Account(long mostBytes, long bytesPerSecond) {
      this.mostBytes = mostBytes;
      this.rate = new ReplayRate(bytesPerSecond, bytesPerSecond);
    }

    /// Whether it has memory for so many more.
    boolean hasRoomFor(int more, long usualBytes) {
      return unreadBytes == 0 || unreadBytes + more * usualBytes <= mostBytes;
    }
  }

  /// @param later runs something on the loop
  /// @param bytesPerSecond how much all are sent again in a second; 0 for any number
  /// @param parts of that, and of the memory, for one key and for one address
  ReplayBudget(
      OutboundMemory memory,
      BiConsumer<Runnable, Duration> later,
      LongSupplier nanoTime,
      long bytesPerSecond,
      MemoryParts parts) {
    this.memory = memory;
    this.later = later;
    this.nanoTime = nanoTime;
    this.bytesPerSecond = bytesPerSecond;
    this.parts = parts;
    this.all = account(100);
  }

  private Account account(int percent) {
    // A rate of 0 is none at all, so the smallest part of one is a byte.
    long rate = bytesPerSecond == 0 ? 0 : Math.max(1, MemoryParts.of(bytesPerSecond, percent));
    return new Account(MemoryParts.of(memory.limit(), percent), rate);
  }

  /// Whether a replay may begin now: nobody waits, or it is its turn.
  boolean mayBegin(ReplayPlace place) {
    return place.isNext || (waiting == 0 && hasRoomFor(place.holder()));
  }

  /// A replay has begun.
  void begins(ReplayPlace place) {
    if (place.isNext) {
      place.isNext = false; // it was counted when its turn came
    } else {
      count(place);
    }
  }

  private void count(ReplayPlace place) {
    long window = nanoTime.getAsLong() / WINDOW_NANOS;
    for (Account account : accounts(place.holder())) {
      account.begun = account.window == window ? account.begun + 1 : 1;
      account.window = window;
    }
  }

  /// A replay waits for its turn.
  void await(ReplayPlace place) {
    if (!place.isWaiting) {
      place.isWaiting = true;
      waiting++;
      MemoryHolder holder = place.holder();
      String name = credential(holder) + " " + address(holder);
      Line line = lines.get(name);
      if (line == null) {
        line = new Line(name, new ArrayDeque<>(4));
        lines.put(name, line);
        turns.addLast(line);
      }
      line.places.addLast(place);
      arm();
    }
  }

  /// So much was sent to somebody again.
  void gave(ReplayPlace place, long bytes) {
    usualBytes += (bytes - usualBytes) / 8;
    long now = nanoTime.getAsLong();
    for (Account account : accounts(place.holder())) {
      account.rate.gave(bytes, now);
      account.unreadBytes += bytes;
      account.begun = Math.max(0, account.begun - 1); // it is in memory now
    }
    if (place.unreadBytes == 0) {
      place.drainedBytes = place.queue().drainedBytes();
      place.drainedNanos = now;
      unread.add(place);
    }
    place.unreadBytes += bytes;
  }

  /// So much of it was taken, or went with its connection.
  void taken(ReplayPlace place, long bytes) {
    for (Account account : accounts(place.holder())) {
      account.unreadBytes -= bytes;
    }
    place.unreadBytes -= bytes;
    if (place.unreadBytes == 0) {
      unread.remove(place);
    }
  }

  /// Its session has ended.
  void left(ReplayPlace place) {
    place.isNext = false;
    if (place.isWaiting) {
      place.isWaiting = false; // it is passed over where it stands
      waiting--;
    }
  }

  private void arm() {
    if (!isArmed) {
      isArmed = true;
      later.accept(this::look, PAUSE);
    }
  }

  private void look() {
    isArmed = false;
    cutWhoTakesNothing();
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (int i = turns.size(); i > 0; i--) {
        goesOn |= takesTurn(turns.removeFirst());
      }
    }
    if (waiting > 0) {
      arm();
    }
  }

  /// Lets the next one of an account begin, if there is room for it.
  private boolean takesTurn(Line line) {
    while (!line.places.isEmpty() && !line.places.getFirst().isWaiting) {
      line.places.removeFirst();
    }
    ReplayPlace next = line.places.peekFirst();
    if (next == null) {
      lines.remove(line.name);
      return false;
    }
    turns.addLast(line);
    if (!hasRoomFor(next.holder())) {
      return false;
    }
    line.places.removeFirst();
    next.isWaiting = false;
    waiting--;
    count(next);
    next.isNext = true;
    next.goOn();
    return true;
  }

  private boolean hasRoomFor(MemoryHolder holder) {
    long now = nanoTime.getAsLong();
    long window = now / WINDOW_NANOS;
    int begun = all.window == window ? all.begun : 0;
    if (!memory.hasRoomForReplays(begun * usualBytes)) {
      return false;
    }
    for (Account account : accounts(holder)) {
      int its = account.window == window ? account.begun : 0;
      if (!account.rate.hasRoomFor(its * usualBytes, now)
          || !account.hasRoomFor(its + 1, usualBytes)) {
        return false;
      }
    }
    return true;
  }

  private void cutWhoTakesNothing() {
    long now = nanoTime.getAsLong();
    List<ReplayPlace> stuck = new ArrayList<>();
    for (ReplayPlace place : unread) {
      long drained = place.queue().drainedBytes();
      if (drained > place.drainedBytes) {
        place.drainedBytes = drained;
        place.drainedNanos = now;
      } else if (now - place.drainedNanos >= PATIENCE_NANOS && isCrowded(place.holder())) {
        stuck.add(place);
      }
    }
    stuck.sort(Comparator.comparingDouble(this::lead).reversed());
    for (ReplayPlace place : stuck.subList(0, Math.min(waiting, stuck.size()))) {
      memory.cutForRoom(place.queue());
    }
  }

  /// As that of all that waits: see [dev.pushgate.core.shard.OutboundMemory].
  private double lead(ReplayPlace place) {
    double lead = 1;
    for (Account account : accounts(place.holder())) {
      lead *= account.unreadBytes;
    }
    return lead;
  }

  private boolean isCrowded(MemoryHolder holder) {
    if (!memory.hasRoomForReplays(usualBytes)) {
      return true;
    }
    for (Account account : accounts(holder)) {
      if (!account.hasRoomFor(1, usualBytes)) {
        return true;
      }
    }
    return false;
  }

  private List<Account> accounts(MemoryHolder holder) {
    if (accounts.size() >= sweepAt) {
      long now = nanoTime.getAsLong();
      accounts.values().removeIf(account -> account.unreadBytes == 0 && account.rate.isEven(now));
      sweepAt = Math.max(SWEEP, 2 * accounts.size());
    }
    return List.of(
        all,
        accounts.computeIfAbsent(credential(holder), _ -> account(parts.credential())),
        accounts.computeIfAbsent(address(holder), _ -> account(parts.address())));
  }

  private static String credential(MemoryHolder holder) {
    return holder.app() + "/" + holder.credential();
  }

  private static String address(MemoryHolder holder) {
    return "at " + holder.address();
  }
}
