package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RelayedArchive;
import dev.pushgate.core.store.StoreUnavailableException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An archive in memory. Thread-safe.
final class FakeArchive implements RelayedArchive {
  final Map<String, Publication> kept = new ConcurrentHashMap<>();
  final AtomicInteger asked = new AtomicInteger();
  volatile boolean away;
  volatile boolean failing;

  /// Whether the channels are declared.
  volatile boolean declared = true;

  @Override
  public CompletionStage<Boolean> add(Publication publication) {
    asked.incrementAndGet();
    if (failing) {
      return CompletableFuture.failedStage(new StoreUnavailableException("the test says so"));
    }
    if (!declared) {
      return CompletableFuture.completedStage(false);
    }
    String place = publication.key() + " " + publication.position();
    Publication there = kept.putIfAbsent(place, publication);
    return there == null || there.id().equals(publication.id())
        ? CompletableFuture.completedStage(true)
        : CompletableFuture.failedStage(new IllegalStateException("another message is there"));
  }

  @Override
  public boolean isAway() {
    return away;
  }
}
