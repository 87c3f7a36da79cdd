package dev.pushgate.gateway.observe;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.session.SessionCounters;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToLongFunction;

/// Shows what happened to sessions, summed over the shards. Thread-safe.
public final class SessionMeters {
  private final List<SessionCounters> shards;
  private final Metrics metrics;

  private SessionMeters(List<SessionCounters> shards, Metrics metrics) {
    this.shards = List.copyOf(shards);
    this.metrics = metrics;
  }

  /// @param shards the counters of each
  public static void bind(List<SessionCounters> shards, Metrics metrics) {
    SessionMeters meters = new SessionMeters(shards, metrics);
    meters.bindTotals();
    meters.bindEndings();
    RefusalMeters.bind(
        "websocket", refusal -> meters.sum(counters -> counters.refusedTotal(refusal)), metrics);
  }

  private void bindTotals() {
    metrics.gauge(
        "pushgate.connections",
        "WebSocket sessions that are open",
        () -> sum(SessionCounters::openCount));
    counter(
        "pushgate.connections.opened",
        "WebSocket sessions that were opened",
        SessionCounters::openedTotal);
    counter(
        "pushgate.frames.received",
        "Messages from WebSocket clients",
        SessionCounters::framesReceivedTotal);
    counter(
        "pushgate.bytes.received",
        "Bytes from WebSocket clients",
        SessionCounters::bytesReceivedTotal);
    counter(
        "pushgate.bytes.sent",
        "Bytes queued for WebSocket clients",
        SessionCounters::bytesSentTotal);
    counter(
        "pushgate.messages.acknowledged",
        "Messages that clients said they have seen",
        SessionCounters::acknowledgedTotal);
    counter(
        "pushgate.slow.consumers",
        "Sessions closed because they did not take what was sent to them",
        counters -> counters.closedTotal(CloseReason.SLOW_CONSUMER));
  }

  private void bindEndings() {
    for (CloseReason reason : CloseReason.values()) {
      Tags code = Tags.of("code", Integer.toString(reason.code()));
      metrics.counter(
          "pushgate.connections.closed",
          code,
          "WebSocket sessions that ended, by close code",
          () -> sum(counters -> counters.closedTotal(reason)));
      metrics.counter(
          "pushgate.connections.turned.away",
          code,
          "WebSocket clients that were told why and closed, by close code",
          () -> sum(counters -> counters.turnedAwayTotal(reason)));
    }
  }

  private void counter(String name, String help, ToLongFunction<SessionCounters> value) {
    metrics.counter(name, help, () -> sum(value));
  }

  private long sum(ToLongFunction<SessionCounters> value) {
    return shards.stream().mapToLong(value).sum();
  }
}
