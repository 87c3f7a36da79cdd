package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a home and the store of one mind. While the home is *syncing* (the stream is being opened,
/// a commit is in doubt, the channel is being declared or deleted) publishes wait in order, bounded
/// in number and bytes; once the store is known to be away they are refused until it is back. Joins
/// wait only until the stream was opened once: from then on memory holds all that a join must see.
/// Confined to its home.
final class StoreSync implements HomeSync {
  private static final Logger log = LoggerFactory.getLogger(StoreSync.class);
  private static final DoublingPause RETRIES =
      new DoublingPause(Duration.ofMillis(50), Duration.ofSeconds(1));

  static final Outcome.Refused<?> AWAY = new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE);
  private static final Outcome.Refused<?> FULL =
      new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE, "Too many requests wait for the store");

  private final ChannelHome home;
  private final HomeHost host;

  /// Null until a publish goes into the store: most channels are not declared.
  private @Nullable CommitQueue commits;

  /// Null until a publish may have to wait for the store.
  private @Nullable PublishTimes times;

  private final Declaration declaration;
  private final Deque<StoreJob> jobs = new ArrayDeque<>(0);
  private final JoinQueue joins;
  private boolean opened;
  private boolean syncing;
  private boolean proceeding;
  private boolean storeAway;
  private Duration nextRetry = RETRIES.first();

  StoreSync(ChannelHome home, HomeHost host, boolean declared) {
    this.home = home;
    this.host = host;
    this.joins = new JoinQueue(home, host, AWAY);
    this.opened = !declared;
    this.declaration = new Declaration(home, host, this, declared);
  }

  boolean isDeclared() {
    return declaration.isDeclared();
  }

  CommitQueue commits() {
    if (commits == null) {
      commits = new CommitQueue(home, host, this);
    }
    return commits;
  }

  private boolean hasCommits() {
    return commits != null && !commits.isEmpty();
  }

  @Override
  public boolean isQuiet() {
    return !syncing && jobs.isEmpty() && joins.isEmpty() && !hasCommits();
  }

  @Override
  public void recover() {
    if (syncing) {
      host.runLater(home.key(), this::reread, RETRIES.longest());
    }
  }

  /// Nothing is held outside: a home is forgotten only when it is quiet.
  @Override
  public void close() {}

  void publish(PublishRequest request, Answer<Published> answer) {
    boolean waitsForNobody = opened && !syncing && jobs.isEmpty() && !isDeclared();
    submit(new StoreJob.Publish(request, waitsForNobody ? answer : times().timed(answer)));
  }

  private PublishTimes times() {
    if (times == null) {
      times = new PublishTimes(home.key(), host, this::refuseOverdue);
    }
    return times;
  }

  /// What has not been begun is surely not stored.
  private void refuseOverdue() {
    while (!jobs.isEmpty() && times().isOverdue(jobs.getFirst())) {
      refuse(takeFirst(), AWAY);
    }
  }

  void declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) {
    submit(new StoreJob.Declare(channel, answer));
  }

  void delete(Answer<ChannelKey> answer) {
    submit(new StoreJob.Delete(answer));
  }

  /// Tells where the stream stands: from memory, once that was read.
  void ask(Answer<StreamPosition> answer) {
    openOnce();
    if (opened) {
      answer.give(Outcome.done(home.position()));
    } else {
      submit(new StoreJob.Ask(answer));
    }
  }

  @Override
  public void join(JoinRequest request) {
    openOnce();
    if (opened) {
      home.admit(request);
    } else {
      joins.add(request, 0);
    }
  }

  @Override
  public void callOff(JoinRequest request) {
    joins.remove(request);
  }

  /// Holds everything but joins back, until [#resume].
  void suspend() {
    syncing = true;
  }

  /// Home and store are of one mind again.
  void resume() {
    storeAway = false;
    nextRetry = RETRIES.first();
    syncing = false;
    joins.admit(_ -> true);
    proceed();
  }

  /// Lets go on what waited. A commit that is refused at once calls this from within: then the loop
  /// goes on by itself.
  void proceed() {
    if (!proceeding) {
      proceeding = true;
      try {
        while (!jobs.isEmpty() && mayRun(jobs.getFirst())) {
          run(takeFirst());
        }
      } finally {
        proceeding = false;
      }
    }
  }

  private void submit(StoreJob job) {
    openOnce();
    if (storeAway) {
      refuse(job, AWAY);
    } else if (jobs.isEmpty() && mayRun(job)) {
      run(job);
    } else if (jobs.size() >= host.limits().waiting().requests()) {
      refuse(job, FULL);
    } else {
      Outcome.Refused<?> full = host.storeBacklog().take(job.holder(), job.weight());
      if (full == null) {
        jobs.addLast(job);
      } else {
        refuse(job, full);
      }
    }
  }

  private boolean mayRun(StoreJob job) {
    return !syncing && (job instanceof StoreJob.Publish || !hasCommits());
  }

  private StoreJob takeFirst() {
    StoreJob job = jobs.removeFirst();
    host.storeBacklog().release(job.weight());
    return job;
  }

  private void run(StoreJob job) {
    switch (job) {
      case StoreJob.Publish(PublishRequest request, Answer<Published> answer) ->
          home.admit(request, answer);
      case StoreJob.Ask(Answer<StreamPosition> answer) ->
          answer.give(Outcome.done(home.position()));
      case StoreJob.Change change -> declaration.run(change);
    }
  }

  /// Refuses a job; but an answer that is remembered needs no store.
  private void refuse(StoreJob job, Outcome.Refused<?> refused) {
    boolean repeated =
        job instanceof StoreJob.Publish(PublishRequest request, Answer<Published> answer)
            && home.answers().repeat(request, answer);
    if (!repeated) {
      job.refuse(refused);
    }
  }

  // --- Reading the store ------------------------------------------------------------------------

  private void openOnce() {
    if (!opened && !syncing) {
      syncing = true;
      reread();
    }
  }

  /// Asks the store for the truth, until it answers.
  void reread() {
    host.open(
        home.key(),
        (stream, failure) -> {
          if (failure == null && stream != null) {
            took(stream);
          } else {
            storeFailed();
          }
        });
  }

  private void storeFailed() {
    storeAway = true;
    commits().answerUnknown();
    declaration.answerUnknown();
    while (!jobs.isEmpty()) {
      refuse(takeFirst(), AWAY);
    }
    host.runLater(home.key(), this::reread, nextRetry);
    nextRetry = RETRIES.after(nextRetry);
  }

  private void took(Optional<OpenedStream> found) {
    declaration.settle(found);
    if (found.isEmpty()) {
      tookNothing();
    } else if (opened && isBehindHome(found.get())) {
      beginEpoch(found.get());
    } else {
      tookStream(found.get());
    }
  }

  private void tookNothing() {
    if (declaration.isDeclared()) {
      commits().refuseAll("The channel is gone");
      declaration.gone();
    }
    opened = true;
    resume();
  }

  private void tookStream(OpenedStream stream) {
    if (!opened) {
      home.load(stream);
      opened = true;
    } else if (home.isInEpochOf(stream.head())) {
      if (!commits().settle(stream)) {
        host.runLater(home.key(), () -> tookStream(stream), Duration.ZERO);
        return;
      }
      home.answers().restore(stream);
    } else {
      commits().refuseAll("The channel was replaced");
      declaration.found(stream);
      home.moveTo(stream);
    }
    resume();
  }

  private boolean isBehindHome(OpenedStream stream) {
    return home.isInEpochOf(stream.head()) && stream.head().offset() < home.head();
  }

  /// The store lost what members have seen: it was restored, or a copy that lagged took over. Those
  /// offsets must not be given to other messages, so the epoch ends.
  private void beginEpoch(OpenedStream stream) {
    log.warn(
        "The store lost messages of {}: it stands at {}, and stood at {}. A new epoch begins",
        home.key(),
        stream.head().offset(),
        home.head());
    commits().refuseAll(CommitQueue.NOT_STORED);
    String epoch = host.newEpoch();
    host.beginEpoch(
        home.key(),
        stream.head(),
        epoch,
        (begun, _) -> {
          if (Boolean.TRUE.equals(begun)) {
            reread(); // its settings may have changed since `stream` was read
          } else {
            storeFailed(); // and if it has happened all the same, the next reading finds it
          }
        });
  }
}
