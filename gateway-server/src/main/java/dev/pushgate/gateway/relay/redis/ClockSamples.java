package dev.pushgate.gateway.relay.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The sample of the server's clock that counts: one of the connection that is up, for another one
/// may lead to another server. Thread-safe.
final class ClockSamples {
  private static final int MOST = 8;

  private final Supplier<? extends @Nullable Object> up;

  /// Those of connections that are not up yet, or were given up before they were.
  private final Map<Object, ServerClock> prepared = new ConcurrentHashMap<>();

  private volatile @Nullable ServerClock newest;

  /// @param up the connection that is up, or null
  ClockSamples(Supplier<? extends @Nullable Object> up) {
    this.up = up;
  }

  /// What is known over the connection that is up; null while none is.
  @Nullable ServerClock current() {
    ServerClock clock = newest;
    return clock != null && clock.connection().equals(up.get()) ? clock : null;
  }

  /// A connection answered that is not up yet.
  void prepared(ServerClock sample) {
    if (prepared.size() >= MOST) {
      prepared.clear(); // of a server that answers this and nothing else
    }
    prepared.put(sample.connection(), sample);
  }

  /// A connection is up that was prepared.
  synchronized void up(Object connection) {
    newest = prepared.get(connection);
    prepared.clear();
  }

  /// A connection answered again; that tells nothing any more if it is not the one that is up.
  synchronized void sampled(ServerClock sample) {
    if (sample.connection().equals(up.get())) {
      ServerClock older = newest;
      newest = older == null ? sample : older.orBetter(sample);
    }
  }
}
