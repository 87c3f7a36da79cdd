package dev.pushgate.gateway.store.dialect;

import dev.pushgate.core.store.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// What a tool has that works beside a running node: it can read everything and change apps and
/// keys, but write no stream. Thread-safe.
///
/// @param exclusion runs what must not run in two processes at a time
public record NoOwnership(Consumer<Runnable> exclusion) implements Ownership {
  @Override
  public void begin(Jdbi writing, Consumer<RuntimeException> onFailure) {}

  @Override
  public void confirm(Handle handle) {
    throw new StoreUnavailableException(
        "this store was opened without the ownership of its streams");
  }

  @Override
  public void exclusively(Runnable work) {
    exclusion.accept(work);
  }

  @Override
  public boolean isHeld() {
    return false;
  }

  /// Never: there is nothing to lose.
  @Override
  public CompletionStage<Void> lost() {
    return new CompletableFuture<>();
  }

  @Override
  public void close() {}
}
