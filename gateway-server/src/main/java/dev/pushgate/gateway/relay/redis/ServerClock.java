package dev.pushgate.gateway.relay.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a connection knows of its server's clock: one sample, and the time since. Immutable.
///
/// The server read its clock before its answer came here. So the sample plus the time since the
/// answer is never ahead of the server's clock: a deadline that has passed by this one has passed
/// there.
///
/// @param connection the one that it was sampled over: another server's clock may differ
/// @param redisMs the server's time in the answer, in milliseconds since 1970
/// @param atNanos when the answer came, as [System#nanoTime]
record ServerClock(Object connection, long redisMs, long atNanos) {
  private static final long NANOS_PER_MS = 1_000_000;

  /// How long an old sample may be preferred; clocks drift apart by less than a millisecond in it.
  private static final long AGE_NANOS_MAX = 5_000_000_000L;

  /// @param time what the command `TIME` answered: seconds and microseconds
  static ServerClock sampled(Object connection, List<byte[]> time, long atNanos) {
    long seconds = Long.parseLong(new String(time.get(0), StandardCharsets.US_ASCII));
    long micros = Long.parseLong(new String(time.get(1), StandardCharsets.US_ASCII));
    return new ServerClock(connection, seconds * 1_000 + micros / 1_000, atNanos);
  }

  long nowMs(long nowNanos) {
    return redisMs + (nowNanos - atNanos) / NANOS_PER_MS;
  }

  /// The better of two samples: an answer that was long on its way tells less, and one of another
  /// connection nothing.
  ServerClock orBetter(ServerClock newer) {
    boolean old = newer.atNanos - atNanos > AGE_NANOS_MAX;
    boolean other = !newer.connection.equals(connection);
    return old || other || newer.redisMs >= nowMs(newer.atNanos) ? newer : this;
  }
}
