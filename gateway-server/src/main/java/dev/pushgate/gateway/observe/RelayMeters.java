package dev.pushgate.gateway.observe;

import dev.pushgate.gateway.relay.redis.RelayObserver;
import dev.pushgate.gateway.relay.redis.Trouble;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Counts what happens at the relay. Thread-safe. Labels are the names of Redis servers in the
/// settings, and reasons from an enum.
public final class RelayMeters implements RelayObserver {
  private final Metrics metrics;
  private final Map<String, LongAdder> dialled = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
  private final Map<Drop, LongAdder> dropped = new EnumMap<>(Drop.class);
  private final LongAdder publishesRefused;
  private final LongAdder reads;
  private final LongAdder repaired;
  private final LongAdder epochs;
  private final LongAdder unheard;
  private final Timer lag;

  public RelayMeters(Metrics metrics) {
    this.metrics = metrics;
    this.publishesRefused =
        counter("pushgate.relay.publishes.refused", "Publishes refused for want of the relay");
    this.reads = counter("pushgate.relay.reads", "Streams that homes read");
    this.repaired =
        counter("pushgate.relay.repaired", "Publications that were read, for they had not come");
    this.epochs =
        counter("pushgate.relay.epochs", "Streams that lost their past and began a new epoch");
    this.unheard = counter("pushgate.relay.unheard", "Messages that nobody listens to");
    this.lag =
        metrics.timer(
            "pushgate.relay.lag",
            "From a publication's acceptance by Redis to its arrival, by two clocks");
    for (Drop reason : Drop.values()) {
      dropped.put(
          reason,
          counter(
              "pushgate.relay.dropped",
              Tags.of("reason", reason.name().toLowerCase(Locale.ROOT)),
              "Messages of the relay that were dropped"));
    }
  }

  /// Adds the meters of each Redis.
  ///
  /// @param shards how they are named
  /// @param canaryAgeMs how long ago the newest canary that came back through one was sent
  /// @param troubles what is wrong with one; null when nothing is
  public void bind(
      Collection<String> shards,
      ToLongFunction<String> canaryAgeMs,
      Function<String, @Nullable Trouble> troubles) {
    for (String shard : shards) {
      Tags tags = Tags.of("relay", shard);
      metrics.seconds(
          "pushgate.relay.canary.age",
          tags,
          "How long ago the newest of this node's messages to itself that came back was sent",
          () -> canaryAgeMs.applyAsLong(shard));
      for (Trouble.Kind kind : Trouble.Kind.values()) {
        metrics.gauge(
            "pushgate.relay.trouble",
            tags.and("reason", kind.name()),
            "1 for what is wrong with a Redis at present, in the first word of what it says",
            () -> isOf(kind, troubles.apply(shard)) ? 1 : 0);
      }
      dialled.put(
          shard, counter("pushgate.relay.dials", tags, "Connections that were begun to a Redis"));
      failed.put(
          shard,
          counter("pushgate.relay.errors", tags, "Commands without an answer, or with an error"));
    }
  }

  private static boolean isOf(Trouble.Kind kind, @Nullable Trouble trouble) {
    return trouble != null && trouble.kind() == kind;
  }

  private LongAdder counter(String name, String help) {
    return counter(name, Tags.empty(), help);
  }

  private LongAdder counter(String name, Tags tags, String help) {
    LongAdder counter = new LongAdder();
    metrics.counter(name, tags, help, counter::sum);
    return counter;
  }

  @Override
  public void dialled(String shard) {
    add(dialled, shard);
  }

  @Override
  public void failed(String shard) {
    add(failed, shard);
  }

  private static void add(Map<String, LongAdder> counters, String shard) {
    LongAdder counter = counters.get(shard);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void publishRefused() {
    publishesRefused.increment();
  }

  @Override
  public void arrived(long lagMs) {
    lag.record(Duration.ofMillis(Math.max(0, lagMs))); // two clocks: one may be ahead
  }

  @Override
  public void dropped(Drop reason) {
    LongAdder counter = dropped.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void read(int publications) {
    reads.increment();
    repaired.add(publications);
  }

  @Override
  public void epochBegan() {
    epochs.increment();
  }

  @Override
  public void unheard() {
    unheard.increment();
  }
}
