package dev.pushgate.gateway.store.dialect;

import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The number of this node's claim on the database. Whoever takes the database over raises the
/// stored number; a node whose number is not the stored one has lost it for good. The nodes of a
/// cluster have one number together. Thread-safe.
public final class Generation {
  private static final Logger log = LoggerFactory.getLogger(Generation.class);
  private static final String LOST =
      "Another Pushgate node has taken this database over: this one can append nothing any more";

  private final Clock clock;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private volatile long number;

  private record Stored(long number, boolean isShared) {}

  public Generation(Clock clock) {
    this.clock = clock;
  }

  /// Takes the database over, within the caller's transaction.
  public void raise(Handle handle) {
    number = raise(handle, false);
  }

  /// Joins those that share the database, or takes it over for them from a node that had it alone:
  /// within the caller's transaction, and while nobody else does so.
  public void join(Handle handle) {
    Stored stored = stored(handle);
    number = stored.isShared() ? stored.number() : raise(handle, true);
  }

  private long raise(Handle handle, boolean isShared) {
    return handle
        .createQuery(
            """
            UPDATE node_owner SET generation = generation + 1, shared = :shared, since = :now
            RETURNING generation""")
        .bind("shared", isShared)
        .bind("now", clock.millis())
        .mapTo(Long.class)
        .one();
  }

  private static Stored stored(Handle handle) {
    return handle
        .createQuery("SELECT generation, shared FROM node_owner")
        .map((row, context) -> new Stored(row.getLong("generation"), row.getBoolean("shared")))
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
    long stored = stored(handle).number();
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
