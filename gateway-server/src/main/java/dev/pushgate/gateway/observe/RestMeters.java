package dev.pushgate.gateway.observe;

import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.RestObserver;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts what the REST API answers. Thread-safe.
public final class RestMeters implements RestObserver {
  private final AtomicLongArray refusals = new AtomicLongArray(Refusal.values().length);
  private final Timer publish;

  public RestMeters(Metrics metrics) {
    RefusalMeters.bind("rest", refusal -> refusals.get(refusal.ordinal()), metrics);
    this.publish =
        metrics.timer(
            "pushgate.publish", "From a publish call's last byte to its last message accepted");
  }

  @Override
  public void refused(Refusal refusal) {
    refusals.incrementAndGet(refusal.ordinal());
  }

  @Override
  public void published(int messages, long nanos) {
    publish.record(nanos, TimeUnit.NANOSECONDS);
  }
}
