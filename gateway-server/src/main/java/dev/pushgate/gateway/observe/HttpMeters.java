package dev.pushgate.gateway.observe;

import dev.pushgate.gateway.net.HttpObserver;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/// Counts what the transport of the clients' listener refuses by itself. Thread-safe.
public final class HttpMeters implements HttpObserver {
  private final Map<Integer, LongAdder> refusals =
      STATUSES.stream().collect(Collectors.toMap(Function.identity(), _ -> new LongAdder()));
  private final LongAdder turnedAway = new LongAdder();
  private final Metrics metrics;

  public HttpMeters(Metrics metrics) {
    this.metrics = metrics;
    metrics.counter(
        "pushgate.http.connections.turned.away",
        "Connections that were closed as soon as they came, for there were as many as may be",
        turnedAway::sum);
    refusals.forEach(
        (status, count) ->
            RefusalMeters.bind("http", Integer.toString(status), count::sum, metrics));
  }

  /// @param open how many there are now
  public void connections(IntSupplier open) {
    metrics.gauge(
        "pushgate.http.connections",
        "HTTP connections of clients that are open, WebSockets apart",
        open::getAsInt);
  }

  /// @param open how many connections there are now, WebSockets too
  /// @param most how many there may be
  public void allConnections(IntSupplier open, int most) {
    metrics.gauge("pushgate.connections.open", "Connections, WebSockets too", open::getAsInt);
    metrics.gauge("pushgate.connections.limit", "How many of them there may be", () -> most);
  }

  @Override
  public void turnedAway() {
    turnedAway.increment();
  }

  @Override
  public void refused(int status) {
    Objects.requireNonNull(refusals.get(status), "a status that is no refusal").increment();
  }
}
