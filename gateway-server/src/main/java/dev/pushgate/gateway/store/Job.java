package dev.pushgate.gateway.store;

import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StoreUnavailableException;
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

  default void fail(StoreUnavailableException why) {
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

  /// Anything else, in a transaction of its own.
  record Task<T extends @Nullable Object>(
      Function<Handle, T> work, CompletableFuture<T> done, long calledAtNanos) implements Job {
    Task(Function<Handle, T> work) {
      this(work, new CompletableFuture<>(), System.nanoTime());
    }

    @Override
    public int weight() {
      return OWN_WEIGHT;
    }
  }
}
