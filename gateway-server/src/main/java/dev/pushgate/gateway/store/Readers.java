package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.sql.Connection;
import java.sql.SQLException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that reads: a thread for each connection that may read, and a bounded queue before them.
/// Thread-safe; nothing here blocks but closing.
///
/// These are platform threads, for there are never more than connections, and a call into SQLite
/// would hold on to a virtual thread's carrier.
final class Readers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Readers.class);
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
    return submit(inside -> database.reading().withHandle(inside::apply), work);
  }

  /// Runs the work in a transaction whose queries all see one moment.
  <T extends @Nullable Object> CompletionStage<T> readMoment(Function<Handle, T> work) {
    return submit(
        inside -> database.reading().inTransaction(database.dialect().snapshot(), inside::apply),
        work);
  }

  /// Runs work with a connection.
  private interface Query<T extends @Nullable Object> {
    T run(Function<Handle, T> work);
  }

  private <T extends @Nullable Object> CompletionStage<T> submit(
      Query<T> query, Function<Handle, T> work) {
    Reading<T> reading = new Reading<>(query, work);
    StoreUnavailableException refusal = database.availability().refusal();
    if (refusal != null) {
      reading.done.completeExceptionally(refusal);
      return reading.done;
    }
    try {
      ScheduledFuture<?> deadline =
          watch.schedule(reading::giveUp, limits.stageNanos(), TimeUnit.NANOSECONDS);
      threads.execute(() -> reading.run(deadline));
    } catch (RejectedExecutionException e) {
      reading.done.completeExceptionally(
          new StoreUnavailableException("too many reads are waiting, or the store is closed"));
    }
    return reading.done;
  }

  /// One read, from its call to its end. Thread-safe.
  private final class Reading<T extends @Nullable Object> {
    final CompletableFuture<T> done = new CompletableFuture<>();
    private final Query<T> query;
    private final Function<Handle, T> work;
    private @Nullable Connection connection;

    Reading(Query<T> query, Function<Handle, T> work) {
      this.query = query;
      this.work = work;
    }

    void run(ScheduledFuture<?> deadline) {
      if (done.isDone()) {
        return;
      }
      try {
        T result = query.run(this::work);
        done.complete(result);
      } catch (RuntimeException e) {
        done.completeExceptionally(database.unavailable(e));
      } finally {
        deadline.cancel(false);
      }
    }

    private T work(Handle handle) {
      uses(handle.getConnection());
      try {
        return work.apply(handle);
      } finally {
        uses(null);
      }
    }

    private synchronized void uses(@Nullable Connection current) {
      connection = current;
    }

    /// What nobody waits for any more is not to hold its snapshot either: behind one, SQLite's
    /// write-ahead log cannot begin anew.
    synchronized void giveUp() {
      boolean isLate =
          done.completeExceptionally(
              new StoreUnavailableException(
                  "no answer within " + limits.timeout().toMillis() + " ms"));
      if (isLate && connection != null) {
        try {
          database.dialect().interrupt(connection);
        } catch (SQLException e) {
          log.debug("A read that took too long was not interrupted", e);
        }
      }
    }
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
