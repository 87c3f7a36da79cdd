package dev.pushgate.gateway.store;

import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RememberedAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Something for a lane to do. Immutable but for its stage.
sealed interface Job {
  /// What a job weighs beside a publication, in bytes.
  int OWN_WEIGHT = 256;

  CompletableFuture<?> done();

  /// When it was asked for, in nanoseconds of [System#nanoTime].
  long calledAtNanos();

  /// How much of the queue's bytes it takes.
  int weight();

  /// Whether it is in vain while the database can be asked but takes no messages.
  default boolean needsMessages() {
    return true;
  }

  /// Whether the two may be committed in one transaction.
  default boolean isCommittedWith(Job next) {
    return (this instanceof Append && next instanceof Append)
        || (this instanceof Add && next instanceof Add);
  }

  default void fail(RuntimeException why) {
    done().completeExceptionally(why);
  }

  /// A publication to be made durable, together with others.
  record Append(
      Publication publication,
      @Nullable RememberedAnswer answer,
      CompletableFuture<Void> done,
      long calledAtNanos)
      implements Job {
    Append(Publication publication, @Nullable RememberedAnswer answer) {
      this(publication, answer, new CompletableFuture<>(), System.nanoTime());
    }

    @Override
    public int weight() {
      return publication.weight() + OWN_WEIGHT;
    }
  }

  /// A publication to be archived at the place that a relay gave it, together with others. As a key
  /// it is only itself.
  final class Add implements Job {
    private final Publication publication;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final long calledAtNanos = System.nanoTime();

    Add(Publication publication) {
      this.publication = publication;
    }

    Publication publication() {
      return publication;
    }

    @Override
    public CompletableFuture<Boolean> done() {
      return done;
    }

    @Override
    public long calledAtNanos() {
      return calledAtNanos;
    }

    @Override
    public int weight() {
      return publication.weight() + OWN_WEIGHT;
    }
  }

  /// Anything else, in a transaction of its own.
  ///
  /// @param needsMessages whether it is in vain while the database takes no messages
  record Task<T extends @Nullable Object>(
      Function<Handle, T> work,
      boolean needsMessages,
      CompletableFuture<T> done,
      long calledAtNanos)
      implements Job {
    Task(Function<Handle, T> work, boolean needsMessages) {
      this(work, needsMessages, new CompletableFuture<>(), System.nanoTime());
    }

    @Override
    public boolean needsMessages() {
      return needsMessages;
    }

    @Override
    public int weight() {
      return OWN_WEIGHT;
    }
  }
}
