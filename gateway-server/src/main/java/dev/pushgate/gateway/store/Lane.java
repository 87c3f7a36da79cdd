package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.store.Job.Add;
import dev.pushgate.gateway.store.Job.Append;
import dev.pushgate.gateway.store.Job.Task;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One ordered writer: a thread that takes what waits and commits it in groups. All that a lane is
/// given takes effect in the order it was given in. [#submit] is thread-safe and does not block.
final class Lane implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final Database database;
  private final TimeLimits limits;
  private final LaneQueue queue;
  private final Thread thread;
  private volatile @Nullable Running running;

  /// Whether somebody had locks that were waited for in vain, and no whole group has been committed
  /// since: then the next ones wait less, for more of the channels may be locked. Of the thread.
  private boolean blocked;

  /// What the thread is at, and since when.
  private record Running(List<Job> jobs, long sinceNanos) {}

  Lane(String name, Database database, TimeLimits limits, LaneQueue queue) {
    this.database = database;
    this.limits = limits;
    this.queue = queue;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Takes the job, or completes its stage with the reason why not.
  void submit(Job job) {
    StoreUnavailableException refusal = refusalOf(job);
    if (refusal != null) {
      job.fail(refusal);
    } else if (!queue.offer(job)) {
      job.fail(StoreUnavailableException.notBegun("too much is waiting to be written"));
    }
  }

  private @Nullable StoreUnavailableException refusalOf(Job job) {
    return job.needsMessages()
        ? database.availability().writeRefusal()
        : database.availability().refusal();
  }

  int queuedJobs() {
    return queue.jobs();
  }

  long queuedBytes() {
    return queue.bytes();
  }

  private void run() {
    try {
      for (List<Job> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
        running = new Running(batch, System.nanoTime());
        execute(batch);
        running = null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void execute(List<Job> batch) {
    try {
      sortOut(batch);
    } catch (RuntimeException | Error e) {
      // A lane that ends takes its channels with it, so it goes on even after what should never
      // happen.
      log.error("A batch of {} jobs failed", batch.size(), e);
      batch.forEach(job -> job.fail(SqlFailures.unavailable(e)));
    }
  }

  private void sortOut(List<Job> batch) {
    List<Append> appends = new ArrayList<>();
    List<Add> adds = new ArrayList<>();
    for (Job job : batch) {
      StoreUnavailableException refusal = refusalOf(job);
      if (refusal != null) {
        job.fail(refusal);
        continue;
      }
      switch (job) {
        // One that was given up meanwhile is left out: its home has been told that it failed.
        case Append append when append.done().isDone() -> {}
        case Append append -> appends.add(append);
        case Add add when add.done().isDone() -> {}
        case Add add -> adds.add(add);
        case Task<?> task when task.done().isDone() -> {}
        case Task<?> task -> perform(task);
      }
    }
    if (!appends.isEmpty()) {
      commit(new AppendBatch(appends), false);
    }
    if (!adds.isEmpty()) {
      commit(new AddBatch(adds, database.dialect().forUpdate()), false);
    }
  }

  private <T extends @Nullable Object> void perform(Task<T> task) {
    try {
      T result = database.writing().inTransaction(handle -> task.work().apply(handle));
      task.done().complete(result);
    } catch (RuntimeException e) {
      task.done().completeExceptionally(database.notWritten(e, false));
    }
  }

  /// @param again whether this is a part of what has failed as a whole
  private void commit(WriteBatch batch, boolean again) {
    StoreUnavailableException refusal = database.availability().writeRefusal();
    if (refusal != null) {
      batch.failed(refusal); // given up while another part of the same batch took its time
      return;
    }
    try {
      database
          .writing()
          .useTransaction(
              handle -> {
                if (again || blocked) {
                  int ms = again ? limits.retryLockMs() : limits.probeLockMs();
                  database.dialect().limitLockWait(handle, ms);
                }
                database.ownership().confirm(handle);
                batch.write(handle);
              });
      batch.committed();
      blocked &= again;
    } catch (RuntimeException e) {
      failed(batch, e, again);
    }
  }

  private void failed(WriteBatch batch, RuntimeException failure, boolean isPart) {
    boolean isBlocked = database.isBlocked(failure);
    blocked |= isBlocked;
    if (mayGoInParts(batch, failure, isBlocked)) {
      if (database.fault(failure).filter(fault -> fault == Fault.BAD_DATA).isEmpty()) {
        // When that is everybody's, the parts are not begun.
        var _ = database.isRefusedAlone(failure, isPart);
      }
      batch.divided().forEach(half -> commit(half, true));
      return;
    }
    RuntimeException why = database.notWritten(failure, isPart);
    batch.failed(why);
    if (batch instanceof AppendBatch && (isBlocked || !isOfThisAlone(why))) {
      // None of these fits any more, and each would wait for the same locks or the same answer.
      queue.takeAppends(batch.channels()).forEach(job -> job.fail(why));
    }
  }

  /// Whether what comes behind it may be written: its home gives it another place, when this one is
  /// free.
  private boolean isOfThisAlone(RuntimeException why) {
    return database.availability().writeRefusal() == null
        && (why instanceof UnstorableException || StoreUnavailableException.surelyDidNothing(why));
  }

  /// Whether the transaction was surely rolled back because of some of the jobs, so that the others
  /// can be tried without them: of what is bad or was refused, each job may be; of what was blocked
  /// (a lock that is not to be had), only a channel as a whole. What was refused only while there
  /// is time: it may be everybody's.
  private boolean mayGoInParts(WriteBatch batch, RuntimeException failure, boolean isBlocked) {
    return switch (database.fault(failure).orElse(Fault.AWAY)) {
      case BAD_DATA -> batch.jobs() > 1;
      case REFUSED -> (isBlocked ? batch.channels().size() : batch.jobs()) > 1 && !isLate();
      case READ_ONLY -> database.isAnswer(failure) && batch.jobs() > 1 && !isLate();
      case AWAY -> false;
    };
  }

  private boolean isLate() {
    Running current = running;
    return current != null
        && System.nanoTime() - current.sinceNanos() > limits.statementMs() * 1_000_000L;
  }

  /// Gives up what has waited for too long. Called by the watchdog, every few milliseconds.
  void giveUpOverdue() {
    String why = "no answer within " + limits.timeout().toMillis() + " ms";
    long calledBefore = System.nanoTime() - limits.stageNanos();
    Running current = running;
    if (current != null && current.sinceNanos() - calledBefore < 0) {
      database.silent(why);
    }
    giveUp(calledBefore, new StoreUnavailableException(why));
  }

  private void giveUp(long calledBeforeNanos, StoreUnavailableException why) {
    Running current = running;
    if (current != null) {
      for (Job job : current.jobs()) {
        if (job.calledAtNanos() - calledBeforeNanos < 0) {
          job.fail(why);
        }
      }
    }
    queue.takeOverdue(calledBeforeNanos).forEach(job -> job.fail(why));
  }

  /// Takes nothing more, finishes what waits while there is time, and fails the rest.
  @Override
  public void close() {
    queue.close();
    try {
      if (!thread.join(limits.timeout())) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    giveUp(System.nanoTime(), new StoreUnavailableException("the store is closed"));
  }
}
