package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.pace.RateLimitedLog;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what is dropped of what Redis brings, and says so at most once a minute for each reason:
/// one that comes often hides no other. A node has one of these. Thread-safe.
final class Drops {
  private final RelayObserver observer;
  private final Map<RelayObserver.Drop, RateLimitedLog> logs =
      new EnumMap<>(RelayObserver.Drop.class);

  Drops(RelayObserver observer) {
    this(observer, LoggerFactory.getLogger(Drops.class), System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  Drops(RelayObserver observer, Logger log, LongSupplier nanoTime) {
    this.observer = observer;
    for (RelayObserver.Drop reason : RelayObserver.Drop.values()) {
      logs.put(reason, new RateLimitedLog(log, Duration.ofMinutes(1), nanoTime));
    }
  }

  /// @param place where it was found, for the log
  @SuppressWarnings("NullAway") // every reason has its log
  void dropped(RelayObserver.Drop reason, String place) {
    observer.dropped(reason);
    if (reason == RelayObserver.Drop.NO_ROOM) {
      return; // it is read from the stream
    }
    logs.get(reason).warn("dropped an envelope in " + place + ": " + sentence(reason));
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
