package dev.pushgate.core.channel;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The publishes of a declared channel that are on their way into the store: they have an offset,
/// but nobody hears of it before it is durable. Offset by offset, right behind the home's head.
/// Confined to its home.
final class CommitQueue {
  static final String UNKNOWN =
      "The store did not answer; whether the message was stored is unknown";

  static final String NOT_STORED = "The message was not stored";

  private static final Outcome.Refused<Published> UNSTORABLE =
      new Outcome.Refused<>(
          Refusal.VALIDATION_ERROR, "The database does not take this message as it is");

  private static final class Uncommitted {
    final PublishRequest request;
    final Answer<Published> answer;
    final EncodedFrames frames;
    final Published published;
    boolean committed;
    boolean unstorable;
    boolean rolledBack;
    boolean answered;

    Uncommitted(
        PublishRequest request,
        Answer<Published> answer,
        EncodedFrames frames,
        Published published) {
      this.request = request;
      this.answer = answer;
      this.frames = frames;
      this.published = published;
    }
  }

  private final ChannelHome home;
  private final HomeHost host;
  private final StoreSync sync;
  private final Deque<Uncommitted> inFlight = new ArrayDeque<>(0);
  private int unresolved;
  private boolean inDoubt;

  CommitQueue(ChannelHome home, HomeHost host, StoreSync sync) {
    this.home = home;
    this.host = host;
    this.sync = sync;
  }

  boolean isEmpty() {
    return inFlight.isEmpty();
  }

  /// Gives the publish the next offset and hands it to the store.
  void commit(PublishRequest request, Answer<Published> answer) {
    if (inFlight.size() >= host.limits().waiting().uncommitted()) {
      home.answers().settle(request, answer, refused("The store is behind with this channel"));
      return;
    }
    Outcome.Refused<?> full = host.storeBacklog().take(request.holder(), request.weight());
    if (full != null) {
      home.answers().settle(request, answer, full.as());
      return;
    }
    long before = inFlight.isEmpty() ? home.head() : inFlight.getLast().frames.offset();
    Publication publication = home.publication(request, before + 1);
    Published published = Published.of(publication, home.memberCount());
    Uncommitted item = new Uncommitted(request, answer, new EncodedFrames(publication), published);
    inFlight.addLast(item);
    unresolved++;
    host.append(
        publication,
        home.answers().remembered(request, published),
        (_, failure) -> resolved(item, failure));
  }

  private void resolved(Uncommitted item, @Nullable Throwable failure) {
    unresolved--;
    item.committed = failure == null;
    item.unstorable = UnstorableException.isCauseOf(failure);
    item.rolledBack = StoreUnavailableException.surelyDidNothing(failure);
    if (!inDoubt && failure != null) {
      if (isTakenBack(item, failure)) {
        sync.proceed();
        return;
      }
      inDoubt = true;
      sync.suspend();
    }
    if (!item.answered && item.rolledBack) {
      // Its publisher need not wait until the stream was read again; whoever is behind it must.
      answer(item, refused(NOT_STORED));
    }
    if (!inDoubt) {
      acceptCommitted();
      sync.proceed();
    } else if (unresolved == 0) {
      sync.reread();
    }
  }

  /// Whether the newest one was refused before the store began with it. Then nothing is in doubt:
  /// nobody saw its offset and none was given behind it, so the next one gets it.
  private boolean isTakenBack(Uncommitted item, Throwable failure) {
    boolean takenBack =
        item == inFlight.peekLast() && StoreUnavailableException.wasNotBegun(failure);
    if (takenBack) {
      inFlight.removeLast();
      end(item, new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE));
    }
    return takenBack;
  }

  private void acceptCommitted() {
    Uncommitted first = inFlight.peekFirst();
    while (first != null && first.committed) {
      accept(inFlight.removeFirst());
      first = inFlight.peekFirst();
    }
  }

  private void accept(Uncommitted item) {
    home.accept(item.frames, item.request.holder());
    end(item, Outcome.done(item.published));
  }

  /// For one that is in the queue no longer.
  private void end(Uncommitted item, Outcome<Published> outcome) {
    host.storeBacklog().release(item.request.weight());
    if (!item.answered) {
      home.answers().settle(item.request, item.answer, outcome);
    }
  }

  /// Takes what the store says for the truth: what did commit goes out, the rest is refused. The
  /// stream is in the home's epoch and not behind its head.
  ///
  /// @return false when that is more than members are to get in one turn: call it again in another
  boolean settle(OpenedStream stream) {
    long committed = committedTo(stream);
    long bytes = 0;
    while (!inFlight.isEmpty() && inFlight.getFirst().frames.offset() <= committed) {
      if (bytes >= host.limits().turn().bytes()) {
        return false;
      }
      Uncommitted next = inFlight.removeFirst();
      bytes += next.frames.publication().weight();
      accept(next);
    }
    // The rest of the stream is not this node's: another one owned the database for a while.
    boolean othersWrote = stream.head().offset() > home.head();
    for (Publication publication : stream.newest()) {
      if (publication.offset() > home.head()) {
        skipTo(publication.offset() - 1);
        home.accept(new EncodedFrames(publication));
      }
    }
    skipTo(stream.head().offset());
    if (!othersWrote && inFlight.stream().anyMatch(item -> item.unstorable || item.rolledBack)) {
      commitOthers();
    } else {
      refuseAll(othersWrote ? UNKNOWN : NOT_STORED);
    }
    return true;
  }

  /// Refuses what the store did not take for itself, and stores what only had the bad luck to stand
  /// behind it: it gets another offset, for nobody has seen the one it had.
  private void commitOthers() {
    inDoubt = false;
    List<Uncommitted> left = List.copyOf(inFlight);
    inFlight.clear();
    for (Uncommitted item : left) {
      if (item.unstorable) {
        end(item, UNSTORABLE);
      } else {
        host.storeBacklog().release(item.request.weight());
        if (!item.answered) {
          commit(item.request, item.answer);
        }
      }
    }
  }

  /// Up to which offset the stream is what this home put into it. An append takes effect only right
  /// behind the one before it, so the newest one that is found vouches for all before, also for
  /// those that the store did not bring along.
  private long committedTo(OpenedStream stream) {
    if (stream.newest().isEmpty()) {
      return stream.head().offset();
    }
    Map<String, Long> offsets = new HashMap<>();
    inFlight.forEach(item -> offsets.put(item.published.id(), item.frames.offset()));
    long committed = home.head();
    for (Publication publication : stream.newest()) {
      committed = Math.max(committed, offsets.getOrDefault(publication.id(), 0L));
    }
    return committed;
  }

  private void skipTo(long offset) {
    if (offset > home.head()) {
      home.skipTo(offset);
    }
  }

  /// Tells whoever waits that nobody knows. The frames are kept: what did commit all the same is
  /// found by [#settle], and goes out then.
  void answerUnknown() {
    for (Uncommitted item : inFlight) {
      if (!item.answered) {
        answer(item, refused(UNKNOWN));
      }
    }
  }

  /// For one that stays in the queue.
  private void answer(Uncommitted item, Outcome<Published> outcome) {
    item.answered = true;
    home.answers().settle(item.request, item.answer, outcome);
  }

  /// Refuses and forgets whatever is left.
  void refuseAll(String sentence) {
    inDoubt = false;
    while (!inFlight.isEmpty()) {
      end(inFlight.removeFirst(), refused(sentence));
    }
  }

  static Outcome<Published> refused(String sentence) {
    return Outcome.refused(Refusal.STORE_UNAVAILABLE, sentence);
  }
}
