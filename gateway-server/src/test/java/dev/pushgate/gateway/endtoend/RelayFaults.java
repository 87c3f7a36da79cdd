package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What happens to a Redis, or to the way of one node to it; one thing at a time. Not thread-safe.
final class RelayFaults {
  enum Fault {
    REDIS_PAUSED,
    CUT,
    FROZEN,
    MUTE,
    SLOW,
    /// Slower than anybody waits for.
    LATE
  }

  private final RedisProcess redis;
  private final TcpProxy proxy;
  private final Duration timeout;
  private @Nullable Fault present;

  /// @param proxy the way to it
  /// @param timeout how long nodes wait for it
  RelayFaults(RedisProcess redis, TcpProxy proxy, Duration timeout) {
    this.redis = redis;
    this.proxy = proxy;
    this.timeout = timeout;
  }

  void begin(Fault fault) {
    present = fault;
    switch (fault) {
      case REDIS_PAUSED -> redis.pause();
      case CUT -> {
        proxy.mode(TcpProxy.Mode.REFUSE);
        proxy.cut();
      }
      case FROZEN -> proxy.mode(TcpProxy.Mode.FREEZE);
      case MUTE -> proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
      case SLOW -> proxy.delayMs(100);
      case LATE -> proxy.delayMs(timeout.toMillis() * 3 / 2);
    }
  }

  /// Ends what there is, if there is anything.
  void end() {
    switch (present) {
      case null -> {}
      case REDIS_PAUSED -> redis.resume();
      case CUT, FROZEN -> proxy.mode(TcpProxy.Mode.PASS);
      case MUTE -> {
        proxy.cut(); // no network leaves bytes out
        proxy.mode(TcpProxy.Mode.PASS);
      }
      case SLOW, LATE -> proxy.delayMs(0);
    }
    present = null;
  }
}
