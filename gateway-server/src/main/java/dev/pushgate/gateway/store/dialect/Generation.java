package dev.pushgate.gateway.store.dialect;

import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The number of this node's claim on the database. Whoever takes the database over raises the
/// stored number; a node whose number is not the stored one has lost it for good. Thread-safe.
public final class Generation {
  private static final Logger log = LoggerFactory.getLogger(Generation.class);
  private static final String LOST =
      "Another Pushgate node has taken this database over: this one can append nothing any more";

  private final Clock clock;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private volatile long number;

  public Generation(Clock clock) {
    this.clock = clock;
  }

  /// Takes the database over, within the caller's transaction.
  public void raise(Handle handle) {
    number =
        handle
            .createQuery(
                """
                UPDATE node_owner SET generation = generation + 1, since = :now
                RETURNING generation""")
            .bind("now", clock.millis())
            .mapTo(Long.class)
            .one();
  }

  /// Makes sure that the stored number is ours.
  ///
  /// @throws StoreUnavailableException when another has taken the database over
  public void confirm(Handle handle) {
    if (!isOurs(handle)) {
      throw new StoreUnavailableException(LOST);
    }
  }

  /// Whether the stored number is ours still. Once it is not, it never is again.
  public boolean isOurs(Handle handle) {
    if (isLost()) {
      return false;
    }
    long stored = handle.createQuery("SELECT generation FROM node_owner").mapTo(Long.class).one();
    if (stored == number) {
      return true;
    }
    if (lost.complete(null)) {
      log.error("{} (generation {}, now {})", LOST, number, stored);
    }
    return false;
  }

  public boolean isLost() {
    return lost.isDone();
  }

  /// Completes when it is lost, on the thread that found it so.
  public CompletionStage<Void> lost() {
    return lost.minimalCompletionStage();
  }
}
