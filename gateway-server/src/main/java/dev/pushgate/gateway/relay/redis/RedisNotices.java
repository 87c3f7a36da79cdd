package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices through every Redis of the relay that is up, so that also a node that cannot reach one
/// of them hears them; each acts once, by their ids. This node acts on its own at once, tells them
/// again until one Redis has them, and for a minute to those that have not. What is about those who
/// are connected now is not carried out when it comes late: they may have been let in again since.
/// Its age goes by Redis's clock, so that the nodes' need not agree. Thread-safe; what is told and
/// what waits is confined to the control thread.
final class RedisNotices implements Notices {
  private static final Logger log = LoggerFactory.getLogger(RedisNotices.class);
  private static final int WAITING_MAX = 1_000;
  private static final int KEPT = 1_000;
  private static final int IDS_MAX = 4 * KEPT;
  private static final long LATE_MS = Duration.ofMinutes(1).toMillis();

  private final List<RelayShard> shards;
  private final ControlKeys keys;
  private final Seal seal;
  private final ControlThread thread;
  private final Supplier<String> ids;
  private final LongSupplier nanoTime;
  private final Drops drops;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final LateNotices<Waiting> late;
  private volatile @Nullable Listener listener;
  private boolean telling;

  /// What is to be told.
  ///
  /// @param notice as in [NoticeWire.Sent]
  private record Waiting(String id, @Nullable Notice notice, long sinceNanos) {}

  /// One notice on its way to several Redis. Confined to the control thread.
  private static final class Telling {
    final Waiting what;

    /// Those that do not have it, or have not said so.
    final Set<RelayShard> without;

    int unanswered;
    boolean done;

    Telling(Waiting what, Collection<RelayShard> shards, int unanswered) {
      this.what = what;
      this.without = new LinkedHashSet<>(shards);
      this.unanswered = unanswered;
    }
  }

  /// Of notices that were acted on, the newest ones.
  private final Map<String, Boolean> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > IDS_MAX;
        }
      };

  /// @param ids new ids, never given before
  /// @param nanoTime as [System#nanoTime]
  RedisNotices(
      List<RelayShard> shards,
      ControlKeys keys,
      Seal seal,
      ControlThread thread,
      Supplier<String> ids,
      LongSupplier nanoTime,
      Drops drops) {
    this.shards = shards;
    this.keys = keys;
    this.seal = seal;
    this.thread = thread;
    this.ids = ids;
    this.nanoTime = nanoTime;
    this.drops = drops;
    this.late = new LateNotices<>(shards, thread, this::tell, told -> ageMs(told) <= LATE_MS);
  }

  @Override
  public void start(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void tell(Notice notice) {
    Waiting told = waiting(notice);
    thread.run(
        () -> {
          act(told.id, notice);
          enqueue(told);
          tellNext();
        });
  }

  private Waiting waiting(@Nullable Notice notice) {
    return new Waiting(ids.get(), notice, nanoTime.getAsLong());
  }

  /// What waits is bounded: the newest one gives way to the word that some are missing.
  private void enqueue(Waiting told) {
    if (waiting.size() < WAITING_MAX) {
      waiting.addLast(told);
      return;
    }
    if (waiting.getLast().notice != null) {
      log.warn("No relay for long: notices are left out, and the others will be told so");
      waiting.removeLast();
      waiting.addLast(waiting(null));
    }
  }

  /// Tells what waits, one after the other. Called also at each heartbeat, for what failed.
  void tellNext() {
    late.tellNext();
    List<RelayShard> up = shards.stream().filter(RelayShard::isUp).toList();
    if (telling || up.isEmpty()) {
      return;
    }
    leaveOutWhatIsLate();
    Waiting next = waiting.peekFirst();
    if (next == null) {
      return;
    }
    Telling begun = new Telling(next, shards, up.size());
    for (RelayShard shard : up) {
      var unused =
          tell(shard, next)
              .whenComplete((_, failure) -> thread.run(() -> told(begun, shard, failure)));
    }
    telling = true;
  }

  private CompletionStage<Reply> tell(RelayShard shard, Waiting told) {
    return shard.call(Script.NOTICE, List.of(keys.notices()), nowMs -> args(told, nowMs)).reply();
  }

  private void leaveOutWhatIsLate() {
    int before = waiting.size();
    waiting.removeIf(told -> isForNow(told.notice) && ageMs(told) > LATE_MS);
    if (waiting.size() < before) {
      log.warn(
          "No relay for over a minute: {} orders to disconnect or unsubscribe are not told",
          before - waiting.size());
    }
  }

  /// @param nowMs Redis's clock
  private ScriptArgs args(Waiting told, long nowMs) {
    NoticeWire.Sent sent = new NoticeWire.Sent(told.id, nowMs - ageMs(told), told.notice);
    return new ScriptArgs()
        .add(sent.id())
        .add(seal.close(ByteBuffer.wrap(NoticeWire.write(sent))))
        .add(KEPT)
        .add(keys.notices());
  }

  private long ageMs(Waiting told) {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - told.sinceNanos);
  }

  private void told(Telling begun, RelayShard shard, @Nullable Throwable failure) {
    begun.unanswered--;
    boolean isFirst = failure == null && !begun.done;
    if (failure == null) {
      begun.without.remove(shard);
      begun.done = true;
    }
    if (begun.unanswered == 0 && begun.done) {
      begun.without.forEach(other -> late.add(other, begun.what));
    }
    if (isFirst) {
      telling = false;
      waiting.remove(begun.what);
      tellNext();
    } else if (begun.unanswered == 0 && !begun.done) {
      telling = false; // the next heartbeat tries again: it may come twice, under one id
    }
  }

  /// Acts on what a heartbeat brought.
  void arrived(Beat beat) {
    Listener told = listener;
    if (beat.missedSome() && told != null) {
      told.missedSome();
    }
    for (Beat.Told notice : beat.notices()) {
      ByteBuffer body = seal.open(notice.body(), 0);
      Optional<NoticeWire.Sent> sent = body == null ? Optional.empty() : NoticeWire.read(body);
      if (sent.isPresent()) {
        heard(sent.get(), beat.nowMs());
      } else {
        drops.dropped(
            body == null ? RelayObserver.Drop.SECRET : RelayObserver.Drop.SHAPE, keys.notices());
      }
    }
  }

  private void heard(NoticeWire.Sent sent, long nowMs) {
    if (!isForNow(sent.notice()) || nowMs - sent.toldAtMs() <= LATE_MS) {
      act(sent.id(), sent.notice());
    }
  }

  /// Whether it is about those who are connected at the moment.
  private static boolean isForNow(@Nullable Notice notice) {
    return switch (notice) {
      case null -> false;
      case Notice.KeysChanged _, Notice.ChannelChanged _ -> false;
      case Notice.Disconnect _, Notice.Unsubscribe _ -> true;
    };
  }

  private void act(String id, @Nullable Notice notice) {
    Listener told = listener;
    if (told == null || known.put(id, true) != null) {
      return;
    }
    if (notice == null) {
      told.missedSome();
    } else {
      told.accept(notice);
    }
  }
}
