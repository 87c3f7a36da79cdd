package dev.pushgate.gateway.relay.redis;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts envelopes that are dropped, and says so at most once a minute. Thread-safe.
final class Drops {
  private static final Logger log = LoggerFactory.getLogger(Drops.class);
  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private final RelayObserver observer;
  private final AtomicLong nextAt = new AtomicLong(System.nanoTime());

  Drops(RelayObserver observer) {
    this.observer = observer;
  }

  /// @param place where it was found, for the log
  void dropped(RelayObserver.Drop reason, String place) {
    observer.dropped(reason);
    if (reason == RelayObserver.Drop.NO_ROOM) {
      return; // it is read from the stream
    }
    long now = System.nanoTime();
    long next = nextAt.get();
    if (now - next >= 0 && nextAt.compareAndSet(next, now + INTERVAL_NANOS)) {
      log.warn("dropped an envelope in {}: {}", place, sentence(reason));
    }
  }

  private static String sentence(RelayObserver.Drop reason) {
    return switch (reason) {
      case SHAPE -> "it is not of this version's schema";
      case SECRET -> "it is not authenticated with this node's pushgate.cluster.secret";
      case CHANNEL -> "it is of another channel";
      case NO_ROOM -> "there was no room for it";
    };
  }
}
