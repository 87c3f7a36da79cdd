package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps a home and the store of one mind. While the home is *syncing* (the stream is being opened,
/// a commit is in doubt, the channel is being declared or deleted) publishes wait in order,
/// bounded; once the store is known to be away they are refused until it is back. Joins wait only
/// until the stream was opened once: from then on memory holds all that a join must see. Confined
/// to its home.
final class StoreSync {
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(1);

  /// What waits for its turn.
  private sealed interface Job {
    record Publish(PublishRequest request, Answer<Published> answer) implements Job {}

    record Declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) implements Job {}

    record Delete(Answer<ChannelKey> answer) implements Job {}
  }

  private final ChannelHome home;
  private final HomeHost host;
  private final CommitQueue commits;
  private final Deque<Job> jobs = new ArrayDeque<>(0);
  private final Deque<JoinRequest> joins = new ArrayDeque<>(0);
  private boolean declared;
  private boolean opened;
  private boolean syncing;
  private boolean storeAway;
  private Duration nextRetry = FIRST_RETRY;

  /// A declare or delete whose outcome is unknown, until the store is read again.
  private @Nullable Job inDoubt;

  StoreSync(ChannelHome home, HomeHost host, boolean declared) {
    this.home = home;
    this.host = host;
    this.declared = declared;
    this.opened = !declared;
    this.commits = new CommitQueue(home, host, this);
  }

  boolean isDeclared() {
    return declared;
  }

  CommitQueue commits() {
    return commits;
  }

  boolean isQuiet() {
    return !syncing && jobs.isEmpty() && joins.isEmpty() && commits.isEmpty();
  }

  void publish(PublishRequest request, Answer<Published> answer) {
    submit(new Job.Publish(request, answer));
  }

  void declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) {
    submit(new Job.Declare(channel, answer));
  }

  void delete(Answer<ChannelKey> answer) {
    submit(new Job.Delete(answer));
  }

  void join(JoinRequest request) {
    openOnce();
    if (opened) {
      home.admit(request);
    } else if (joins.size() >= host.limits().waiting().requests()) {
      host.joinRefused(
          request, new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE, "The store is away"));
    } else {
      joins.addLast(request);
    }
  }

  /// Holds publishes back until the store has been read again.
  void suspend() {
    syncing = true;
  }

  /// Lets go on what waited for commits.
  void proceed() {
    while (!syncing && !jobs.isEmpty()) {
      Job job = jobs.getFirst();
      if (!(job instanceof Job.Publish) && !commits.isEmpty()) {
        return;
      }
      jobs.removeFirst();
      run(job);
    }
  }

  private void submit(Job job) {
    openOnce();
    if (storeAway) {
      refuse(job, "The store cannot be reached");
    } else if (jobs.size() >= host.limits().waiting().requests()) {
      refuse(job, "Too many requests wait for the store");
    } else {
      jobs.addLast(job);
      proceed();
    }
  }

  private void openOnce() {
    if (!opened && !syncing) {
      syncing = true;
      reread();
    }
  }

  private void run(Job job) {
    switch (job) {
      case Job.Publish(PublishRequest request, Answer<Published> answer) ->
          home.admit(request, answer);
      case Job.Declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) -> {
        if (declared) {
          answer.give(Outcome.refused(Refusal.CONFLICT, "This channel is declared already"));
        } else {
          syncing = true;
          host.declare(
              channel, home.position(), (created, failure) -> declared(job, created, failure));
        }
      }
      case Job.Delete(Answer<ChannelKey> answer) -> {
        if (declared) {
          syncing = true;
          host.delete(home.key(), (_, failure) -> deleted(job, failure));
        } else {
          answer.give(Outcome.refused(Refusal.CHANNEL_NOT_FOUND, "There is no such channel"));
        }
      }
    }
  }

  private void declared(Job job, @Nullable Boolean created, @Nullable Throwable failure) {
    if (failure == null && Boolean.TRUE.equals(created)) {
      completeDeclare((Job.Declare) job);
      resume();
    } else if (surelyDidNothing(failure)) {
      refuse(job, "The store cannot be reached");
      resume();
    } else {
      // Unknown, or there although nobody here knew: what the store holds decides.
      inDoubt = job;
      reread();
    }
  }

  private void deleted(Job job, @Nullable Throwable failure) {
    if (failure == null) {
      completeDelete((Job.Delete) job);
      resume();
    } else if (surelyDidNothing(failure)) {
      refuse(job, "The store cannot be reached");
      resume();
    } else {
      inDoubt = job;
      reread();
    }
  }

  private static boolean surelyDidNothing(@Nullable Throwable failure) {
    return failure instanceof StoreUnavailableException unavailable
        && !unavailable.mayHaveHappened();
  }

  private void completeDeclare(Job.Declare job) {
    declared = true;
    host.declared(home.key(), job.channel());
    job.answer().give(Outcome.done(job.channel()));
  }

  private void completeDelete(Job.Delete job) {
    undeclare();
    job.answer().give(Outcome.done(home.key()));
  }

  private void undeclare() {
    declared = false;
    host.declared(home.key(), null);
    home.end();
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
    commits.refuseAll("The store did not answer; whether the message was stored is unknown");
    Job job = inDoubt;
    if (job != null) {
      refuse(job, "The store did not answer; whether this was done is unknown");
      inDoubt = withoutAnswer(job);
    }
    while (!jobs.isEmpty()) {
      refuse(jobs.removeFirst(), "The store cannot be reached");
    }
    host.runLater(home.key(), this::reread, nextRetry);
    Duration doubled = nextRetry.multipliedBy(2);
    nextRetry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
  }

  private void took(Optional<OpenedStream> found) {
    found.ifPresentOrElse(this::tookStream, this::tookNothing);
    inDoubt = null;
    resume();
  }

  private void tookStream(OpenedStream stream) {
    if (inDoubt instanceof Job.Declare job && home.isInEpochOf(stream)) {
      completeDeclare(job);
    } else if (inDoubt != null) {
      refuse(inDoubt, "The store failed; nothing was changed");
    }
    if (!opened) {
      home.load(stream);
      opened = true;
    } else if (home.isInEpochOf(stream)) {
      commits.settle(stream);
      host.idempotency().restore(home.key(), stream.answers());
    } else {
      commits.refuseAll("The channel was replaced");
      home.end();
      home.load(stream);
    }
    declared = true;
  }

  private void tookNothing() {
    if (inDoubt instanceof Job.Delete job) {
      completeDelete(job);
    } else if (declared) {
      commits.refuseAll("The channel is gone");
      undeclare();
    } else if (inDoubt != null) {
      refuse(inDoubt, "The store failed; the channel was not declared");
    }
    opened = true;
  }

  private void resume() {
    storeAway = false;
    nextRetry = FIRST_RETRY;
    syncing = false;
    while (!joins.isEmpty()) {
      home.admit(joins.removeFirst());
    }
    proceed();
  }

  private void refuse(Job job, String sentence) {
    switch (job) {
      case Job.Publish(_, Answer<Published> answer) ->
          answer.give(ChannelHome.storeUnavailable(sentence));
      case Job.Declare(_, Answer<DeclaredChannel> answer) ->
          answer.give(ChannelHome.storeUnavailable(sentence));
      case Job.Delete(Answer<ChannelKey> answer) ->
          answer.give(ChannelHome.storeUnavailable(sentence));
    }
  }

  /// The same job for somebody who has been answered already.
  private static Job withoutAnswer(Job job) {
    return switch (job) {
      case Job.Publish publish -> publish;
      case Job.Declare(DeclaredChannel channel, _) -> new Job.Declare(channel, _ -> {});
      case Job.Delete _ -> new Job.Delete(_ -> {});
    };
  }
}
