package dev.pushgate.core.channel;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a channel is declared, and the declare or delete that is under way. Confined to its
/// home.
final class Declaration {
  private static final Outcome.Refused<?> UNKNOWN =
      new Outcome.Refused<>(
          Refusal.STORE_UNAVAILABLE, "The store did not answer; whether this was done is unknown");
  private static final Outcome.Refused<?> NOT_DONE =
      new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE, "The store failed; nothing was changed");
  private static final Outcome.Refused<?> DECLARED_ALREADY =
      new Outcome.Refused<>(Refusal.CONFLICT, "This channel is declared already");
  private static final Outcome.Refused<?> UNSTORABLE =
      new Outcome.Refused<>(
          Refusal.VALIDATION_ERROR, "The database does not take this channel as it is");
  private static final Outcome.Refused<?> NOT_DECLARED =
      new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);

  private final ChannelHome home;
  private final HomeHost host;
  private final StoreSync sync;
  private boolean declared;

  /// One whose outcome is unknown, until the store is read again.
  private StoreJob.@Nullable Change inDoubt;

  Declaration(ChannelHome home, HomeHost host, StoreSync sync, boolean declared) {
    this.home = home;
    this.host = host;
    this.sync = sync;
    this.declared = declared;
  }

  boolean isDeclared() {
    return declared;
  }

  /// Takes a change whose turn it is.
  void run(StoreJob.Change change) {
    switch (change) {
      case StoreJob.Declare _ when declared -> change.refuse(DECLARED_ALREADY);
      case StoreJob.Declare declare -> {
        sync.suspend();
        host.declare(
            declare.channel(),
            home.position(),
            (created, failure) -> ended(declare, Boolean.TRUE.equals(created), failure));
      }
      case StoreJob.Delete _ when !declared -> change.refuse(NOT_DECLARED);
      case StoreJob.Delete delete -> {
        sync.suspend();
        host.delete(home.key(), (_, failure) -> ended(delete, failure == null, failure));
      }
    }
  }

  private void ended(StoreJob.Change change, boolean done, @Nullable Throwable failure) {
    if (done) {
      complete(change);
      sync.resume();
    } else if (UnstorableException.isCauseOf(failure)) {
      change.refuse(UNSTORABLE);
      sync.resume();
    } else if (StoreUnavailableException.surelyDidNothing(failure)) {
      change.refuse(StoreSync.AWAY);
      sync.resume();
    } else {
      // Unknown, or there although nobody here knew: what the store holds decides.
      inDoubt = change;
      sync.reread();
    }
  }

  private void complete(StoreJob.Change change) {
    switch (change) {
      case StoreJob.Declare declare -> {
        declared = true;
        host.declared(home.key(), declare.channel());
        declare.answer().give(Outcome.done(declare.channel()));
      }
      case StoreJob.Delete delete -> {
        gone();
        delete.answer().give(Outcome.done(home.key()));
      }
    }
  }

  /// Tells who waits that nobody knows; the next reading of the store still completes it.
  void answerUnknown() {
    if (inDoubt != null) {
      inDoubt.refuse(UNKNOWN);
      inDoubt = inDoubt.withoutAnswer();
    }
  }

  /// Ends what was in doubt: it was done if the store is now as it would have made it.
  void settle(Optional<OpenedStream> found) {
    StoreJob.Change change = inDoubt;
    inDoubt = null;
    switch (change) {
      case null -> {}
      case StoreJob.Declare _ when found.isEmpty() -> change.refuse(NOT_DONE);
      case StoreJob.Declare _ when !home.isInEpochOf(found.get().head()) ->
          change.refuse(DECLARED_ALREADY);
      case StoreJob.Delete _ when found.isPresent() -> change.refuse(NOT_DONE);
      case StoreJob.Declare _, StoreJob.Delete _ -> complete(change);
    }
  }

  /// Takes note that the store has the channel after all.
  void found(OpenedStream stream) {
    declared = true;
    host.declared(home.key(), stream.channel());
  }

  /// Takes note that the store has it no more: its stream has ended.
  void gone() {
    declared = false;
    host.declared(home.key(), null);
    home.end();
  }
}
