package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets a bounded number of tasks be under way at once; the others wait their turn, each for a
/// bounded time. What has begun is waited for: its outcome is not guessed. Thread-safe.
final class Turnstile {
  private final int limit;
  private final Duration patience;
  private final RelayClient client;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int inside;
  private boolean admitting;

  Turnstile(int limit, Duration patience, RelayClient client) {
    this.limit = limit;
    this.patience = patience;
    this.client = client;
  }

  /// @param task ends within a time limit of its own
  /// @param taken completes when somebody has taken what the task brought: until then it is under
  ///     way. It does not count when the task fails
  /// @param failure what the stage fails with when the task was not begun in time
  <T> CompletionStage<T> pass(
      Supplier<CompletionStage<T>> task, CompletionStage<?> taken, Supplier<Throwable> failure) {
    CompletableFuture<T> result = new CompletableFuture<>();
    AtomicBoolean settled = new AtomicBoolean();
    Runnable inTime =
        client.after(
            patience,
            () -> {
              if (settled.compareAndSet(false, true)) {
                result.completeExceptionally(failure.get());
              }
            });
    enter(
        () -> {
          if (!settled.compareAndSet(false, true)) {
            leave();
            return;
          }
          inTime.run();
          begun(task)
              .whenComplete(
                  (value, why) -> {
                    if (why == null) {
                      taken.whenComplete((_, _) -> leave());
                      result.complete(value);
                    } else {
                      leave();
                      result.completeExceptionally(why);
                    }
                  });
        });
    return result;
  }

  /// For what is done when it is answered.
  <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> task, Supplier<Throwable> failure) {
    return pass(task, CompletableFuture.completedFuture(null), failure);
  }

  /// What fails at once fails its stage: thrown, it would leave its place taken for ever.
  private static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> task) {
    try {
      return task.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void enter(Runnable task) {
    synchronized (this) {
      waiting.addLast(task);
    }
    admit();
  }

  private void leave() {
    synchronized (this) {
      inside--;
    }
    admit();
  }

  /// One thread at a time admits, in a loop: tasks that end at once must not pile up on its stack.
  private void admit() {
    boolean begun = false;
    for (Runnable next = next(begun); next != null; next = next(begun)) {
      begun = true;
      boolean done = false;
      try {
        next.run();
        done = true;
      } finally {
        if (!done) {
          stopAdmitting();
        }
      }
    }
  }

  /// After what should not have been thrown: others must be able to admit, and it holds no place.
  private synchronized void stopAdmitting() {
    admitting = false;
    inside--;
  }

  private synchronized @Nullable Runnable next(boolean mine) {
    if (admitting && !mine) {
      return null;
    }
    Runnable next = inside < limit ? waiting.pollFirst() : null;
    admitting = next != null;
    if (admitting) {
      inside++;
    }
    return next;
  }
}
