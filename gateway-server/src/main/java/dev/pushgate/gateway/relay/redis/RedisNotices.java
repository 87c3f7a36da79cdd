package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices through any Redis of the relay that is up: each node reads all of them. This node acts
/// on its own at once, and tells them again until one Redis has them. Thread-safe; what is told and
/// what waits is confined to the control thread.
final class RedisNotices implements Notices {
  private static final Logger log = LoggerFactory.getLogger(RedisNotices.class);
  private static final int WAITING_MAX = 1_000;
  private static final int KEPT = 1_000;
  private static final int IDS_MAX = 4 * KEPT;

  private final List<RelayShard> shards;
  private final ControlKeys keys;
  private final Seal seal;
  private final ControlThread thread;
  private final Supplier<String> ids;
  private final Drops drops;
  private final Deque<NoticeWire.Sent> waiting = new ArrayDeque<>();
  private volatile @Nullable Listener listener;
  private boolean telling;

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
  RedisNotices(
      List<RelayShard> shards,
      ControlKeys keys,
      Seal seal,
      ControlThread thread,
      Supplier<String> ids,
      Drops drops) {
    this.shards = shards;
    this.keys = keys;
    this.seal = seal;
    this.thread = thread;
    this.ids = ids;
    this.drops = drops;
  }

  @Override
  public void start(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void tell(Notice notice) {
    NoticeWire.Sent sent = new NoticeWire.Sent(ids.get(), notice);
    thread.run(
        () -> {
          act(sent);
          enqueue(sent);
          tellNext();
        });
  }

  /// What waits is bounded: the newest one gives way to the word that some are missing.
  private void enqueue(NoticeWire.Sent sent) {
    if (waiting.size() < WAITING_MAX) {
      waiting.addLast(sent);
      return;
    }
    if (waiting.getLast().notice() != null) {
      log.warn("No relay for long: notices are left out, and the others will be told so");
      waiting.removeLast();
      waiting.addLast(new NoticeWire.Sent(ids.get(), null));
    }
  }

  /// Tells what waits, one after the other. Called also at each heartbeat, for what failed.
  void tellNext() {
    NoticeWire.Sent next = waiting.peekFirst();
    Optional<RelayShard> up = shards.stream().filter(RelayShard::isUp).findFirst();
    if (telling || next == null || up.isEmpty()) {
      return;
    }
    telling = true;
    ScriptArgs args =
        new ScriptArgs()
            .add(next.id())
            .add(seal.close(ByteBuffer.wrap(NoticeWire.write(next))))
            .add(KEPT)
            .add(keys.notices());
    var unused =
        up.get()
            .eval(Script.NOTICE, List.of(keys.notices()), args)
            .whenComplete((_, failure) -> thread.run(() -> told(next, failure)));
  }

  private void told(NoticeWire.Sent sent, @Nullable Throwable failure) {
    telling = false;
    if (failure == null) {
      waiting.remove(sent);
      tellNext();
    } // else the next heartbeat tries again: it may come twice, under one id
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
        act(sent.get());
      } else {
        drops.dropped(
            body == null ? RelayObserver.Drop.SECRET : RelayObserver.Drop.SHAPE, keys.notices());
      }
    }
  }

  private void act(NoticeWire.Sent sent) {
    Listener told = listener;
    if (told == null || known.put(sent.id(), true) != null) {
      return;
    }
    Notice notice = sent.notice();
    if (notice == null) {
      told.missedSome();
    } else {
      told.accept(notice);
    }
  }
}
