package dev.pushgate.gateway.relay.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts what meters would hear. Thread-safe.
final class CountingObserver implements RelayObserver {
  final AtomicInteger dials = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger arrivals = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger epochs = new AtomicInteger();
  final AtomicInteger unheard = new AtomicInteger();
  final Map<Drop, Integer> drops = new ConcurrentHashMap<>();

  @Override
  public void dialled(String shard) {
    dials.incrementAndGet();
  }

  @Override
  public void failed(String shard) {
    failures.incrementAndGet();
  }

  @Override
  public void publishRefused() {
    refused.incrementAndGet();
  }

  @Override
  public void arrived(long lagMs) {
    arrivals.incrementAndGet();
  }

  @Override
  public void dropped(Drop reason) {
    drops.merge(reason, 1, Integer::sum);
  }

  @Override
  public void read(int publications) {
    reads.incrementAndGet();
  }

  @Override
  public void epochBegan() {
    epochs.incrementAndGet();
  }

  @Override
  public void unheard() {
    unheard.incrementAndGet();
  }
}
