package dev.pushgate.gateway.store.dialect;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// This process's claim to be the one that writes the database's streams. Thread-safe.
public interface Ownership extends AutoCloseable {
  /// Makes the claim count: from here on nobody who claimed the database before can append
  /// anything. Called once, when the schema is there.
  ///
  /// @param onFailure told when the database fails the one who watches over the claim
  void begin(Jdbi writing, Consumer<RuntimeException> onFailure);

  /// To be called first in every transaction that writes a stream: when it returns, the claim holds
  /// until that transaction has ended.
  ///
  /// @throws dev.pushgate.core.store.StoreUnavailableException when the claim is lost
  void confirm(Handle handle);

  /// Runs what must not run in two processes at a time.
  void exclusively(Runnable work);

  /// Whether the claim holds, as last seen.
  boolean isHeld();

  /// Completes when the claim is found lost for good, on the thread that found it.
  CompletionStage<Void> lost();

  /// Gives the claim up.
  @Override
  void close();
}
