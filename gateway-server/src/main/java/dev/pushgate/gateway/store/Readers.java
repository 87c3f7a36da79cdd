package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// All that reads: a thread for each connection that may read, and a bounded queue before them.
/// Thread-safe; nothing here blocks but closing.
///
/// These are platform threads, for there are never more than connections, and a call into SQLite
/// would hold on to a virtual thread's carrier.
final class Readers implements AutoCloseable {
  private static final int QUEUE_READS = 1_000;

  private final Database database;
  private final TimeLimits limits;
  private final ScheduledExecutorService watch;
  private final ThreadPoolExecutor threads;

  /// @param watch gives up reads that take too long
  Readers(Database database, TimeLimits limits, ScheduledExecutorService watch) {
    this.database = database;
    this.limits = limits;
    this.watch = watch;
    int count = database.dialect().readers();
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE_READS),
            Thread.ofPlatform().daemon().name("store-reader-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// Runs the work, each of whose queries is a transaction of its own.
  <T extends @Nullable Object> CompletionStage<T> read(Function<Handle, T> work) {
    return submit(() -> database.reading().withHandle(work::apply));
  }

  /// Runs the work in a transaction whose queries all see one moment.
  <T extends @Nullable Object> CompletionStage<T> readMoment(Function<Handle, T> work) {
    return submit(
        () -> database.reading().inTransaction(database.dialect().snapshot(), work::apply));
  }

  private interface Query<T extends @Nullable Object> {
    T run();
  }

  private <T extends @Nullable Object> CompletionStage<T> submit(Query<T> query) {
    CompletableFuture<T> done = new CompletableFuture<>();
    StoreUnavailableException refusal = database.availability().refusal();
    if (refusal != null) {
      done.completeExceptionally(refusal);
      return done;
    }
    try {
      ScheduledFuture<?> deadline =
          watch.schedule(() -> giveUp(done), limits.stageNanos(), TimeUnit.NANOSECONDS);
      threads.execute(() -> run(query, done, deadline));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(
          new StoreUnavailableException("too many reads are waiting, or the store is closed"));
    }
    return done;
  }

  private <T extends @Nullable Object> void run(
      Query<T> query, CompletableFuture<T> done, ScheduledFuture<?> deadline) {
    if (done.isDone()) {
      return;
    }
    try {
      T result = query.run();
      done.complete(result);
    } catch (RuntimeException e) {
      done.completeExceptionally(database.unavailable(e));
    } finally {
      deadline.cancel(false);
    }
  }

  private void giveUp(CompletableFuture<?> done) {
    done.completeExceptionally(
        new StoreUnavailableException("no answer within " + limits.timeout().toMillis() + " ms"));
  }

  /// Reads under way come to their end; those that wait fail at their deadline, or when the watch
  /// ends.
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
