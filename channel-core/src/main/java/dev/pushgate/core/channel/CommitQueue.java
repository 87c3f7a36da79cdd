package dev.pushgate.core.channel;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.OpenedStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The publishes of a declared channel that are on their way into the store: they have an offset,
/// but nobody hears of it before it is durable. Confined to its home.
final class CommitQueue {
  private static final class Uncommitted {
    final PublishRequest request;
    final Answer<Published> answer;
    final EncodedFrames frames;
    final Published published;
    boolean committed;

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
      home.settle(
          request, answer, ChannelHome.storeUnavailable("The store is behind with this channel"));
      return;
    }
    long before = inFlight.isEmpty() ? home.head() : inFlight.getLast().frames.offset();
    Publication publication = home.publication(request, before + 1);
    Published published = Published.of(publication, home.memberCount());
    Uncommitted item = new Uncommitted(request, answer, new EncodedFrames(publication), published);
    inFlight.addLast(item);
    unresolved++;
    host.append(
        publication, home.remembered(request, published), (_, failure) -> resolved(item, failure));
  }

  private void resolved(Uncommitted item, @Nullable Throwable failure) {
    unresolved--;
    item.committed = failure == null;
    if (failure != null && !inDoubt) {
      inDoubt = true;
      sync.suspend();
    }
    if (!inDoubt) {
      acceptCommitted();
      sync.proceed();
    } else if (unresolved == 0) {
      sync.reread();
    }
  }

  private void acceptCommitted() {
    Uncommitted first = inFlight.peekFirst();
    while (first != null && first.committed) {
      inFlight.removeFirst();
      home.accept(first.frames);
      home.settle(first.request, first.answer, Outcome.done(first.published));
      first = inFlight.peekFirst();
    }
  }

  /// Takes what the store says for the truth: what did commit goes out, the rest is refused.
  void settle(OpenedStream stream) {
    Map<String, Uncommitted> byId = new HashMap<>();
    inFlight.forEach(item -> byId.put(item.published.id(), item));
    for (Publication publication : stream.newest()) {
      if (publication.offset() <= home.head()) {
        continue;
      }
      if (publication.offset() > home.head() + 1) {
        home.skipTo(publication.offset() - 1);
      }
      home.accept(new EncodedFrames(publication));
      Uncommitted found = byId.get(publication.id());
      if (found != null) {
        inFlight.remove(found);
        home.settle(found.request, found.answer, Outcome.done(found.published));
      }
    }
    if (stream.head().offset() > home.head()) {
      home.skipTo(stream.head().offset());
    }
    refuseAll("The message was not stored");
  }

  /// Refuses whoever still waits. What did commit all the same is found by [#settle], later.
  void refuseAll(String sentence) {
    Deque<Uncommitted> refused = new ArrayDeque<>(inFlight);
    inFlight.clear();
    inDoubt = false;
    for (Uncommitted item : refused) {
      home.settle(item.request, item.answer, ChannelHome.storeUnavailable(sentence));
    }
  }
}
