package dev.pushgate.gateway.relay.redis;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says once when one Redis is lost and once when it is back, to the log and to whoever waits for
/// it. Thread-safe.
final class ShardState {
  private static final Logger log = LoggerFactory.getLogger(RelayShard.class);

  private enum Known {
    NOTHING,
    UP,
    DOWN
  }

  private final String shard;
  private final List<Runnable> whenUp = new CopyOnWriteArrayList<>();
  private Known known = Known.NOTHING;

  ShardState(String shard) {
    this.shard = shard;
  }

  void onUp(Runnable listener) {
    whenUp.add(listener);
  }

  void up() {
    if (become(Known.UP)) {
      log.info("relay {} is connected", shard);
    }
    whenUp.forEach(Runnable::run);
  }

  void down(@Nullable Throwable cause) {
    if (become(Known.DOWN)) {
      log.warn("relay {} is away: {}", shard, rootOf(cause));
    }
  }

  private synchronized boolean become(Known next) {
    boolean changed = known != next;
    known = next;
    return changed;
  }

  private static @Nullable String rootOf(@Nullable Throwable cause) {
    Throwable root = cause;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null ? null : root.getMessage();
  }
}
