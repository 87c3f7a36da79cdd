package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.pace.RateLimitedLog;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/// Counts envelopes that are dropped, and says so at most once a minute. Thread-safe.
final class Drops {
  private final RelayObserver observer;
  private final RateLimitedLog log =
      new RateLimitedLog(
          LoggerFactory.getLogger(Drops.class), Duration.ofMinutes(1), System::nanoTime);

  Drops(RelayObserver observer) {
    this.observer = observer;
  }

  /// @param place where it was found, for the log
  void dropped(RelayObserver.Drop reason, String place) {
    observer.dropped(reason);
    if (reason == RelayObserver.Drop.NO_ROOM) {
      return; // it is read from the stream
    }
    log.warn("dropped an envelope in " + place + ": " + sentence(reason));
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
