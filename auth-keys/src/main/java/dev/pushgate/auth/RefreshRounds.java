package dev.pushgate.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs one asynchronous job at a time. Whoever asks while a round runs gets the next round, shared
/// with all others who asked meanwhile: each round thus begins after it was asked for, and sees
/// what its asker has done before. Thread-safe.
final class RefreshRounds {
  private final Supplier<CompletionStage<Void>> job;
  private final Object lock = new Object();
  private @Nullable CompletableFuture<Void> running;
  private @Nullable CompletableFuture<Void> next;

  RefreshRounds(Supplier<CompletionStage<Void>> job) {
    this.job = job;
  }

  /// A stage that ends as the asked-for round ends.
  CompletionStage<Void> ask() {
    CompletableFuture<Void> round = new CompletableFuture<>();
    synchronized (lock) {
      if (running != null) {
        next = next == null ? round : next;
        return next.minimalCompletionStage();
      }
      running = round;
    }
    run(round);
    return round.minimalCompletionStage();
  }

  private void run(CompletableFuture<Void> round) {
    start().whenComplete((done, failure) -> end(round, failure));
  }

  private CompletionStage<Void> start() {
    try {
      return job.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void end(CompletableFuture<Void> round, @Nullable Throwable failure) {
    CompletableFuture<Void> following;
    synchronized (lock) {
      following = next;
      running = following;
      next = null;
    }
    if (failure == null) {
      round.complete(null);
    } else {
      round.completeExceptionally(failure);
    }
    if (following != null) {
      run(following);
    }
  }
}
