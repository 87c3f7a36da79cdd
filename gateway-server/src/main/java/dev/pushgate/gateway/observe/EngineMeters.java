package dev.pushgate.gateway.observe;

import dev.pushgate.core.shard.ShardObserver;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Counts what the shards do. Thread-safe: every shard has an adder's cell to itself.
public final class EngineMeters implements ShardObserver {
  private final LongAdder publications = new LongAdder();
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder deliveredBytes = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder heldBack = new LongAdder();
  private final LongAdder unheard = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Timer fanOut;

  public EngineMeters(Metrics metrics) {
    metrics.counter(
        "pushgate.publications", "Messages that got a place in a stream", publications::sum);
    metrics.counter(
        "pushgate.deliveries",
        "Frames fanned out to subscribers; replays are not among them",
        deliveries::sum);
    metrics.counter(
        "pushgate.delivered.bytes",
        "Bytes of frames fanned out to subscribers; replays are not among them",
        deliveredBytes::sum);
    metrics.counter(
        "pushgate.gaps", "Subscribers told of messages that they cannot be given", gaps::sum);
    metrics.counter(
        "pushgate.held.back", "Publications for which a shard had no room at first", heldBack::sum);
    metrics.counter(
        "pushgate.shard.unheard",
        "Messages of the relay for channels that no home on this node follows",
        unheard::sum);
    metrics.counter("pushgate.shard.failures", "Unexpected exceptions in shards", failures::sum);
    this.fanOut =
        metrics.timer(
            "pushgate.fanout", "From a message's place in the stream to its last write on a shard");
  }

  @Override
  public void published() {
    publications.increment();
  }

  @Override
  public void fannedOut(int frames, int subscribers, long bytes, long nanos) {
    deliveries.add((long) frames * subscribers);
    deliveredBytes.add(bytes);
    fanOut.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void gap(int subscribers) {
    gaps.add(subscribers);
  }

  @Override
  public void heldBack() {
    heldBack.increment();
  }

  @Override
  public void unheard() {
    unheard.increment();
  }

  @Override
  public void fault(Throwable thrown) {
    failures.increment();
  }
}
