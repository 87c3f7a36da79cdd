package dev.pushgate.gateway.store.sqlite;

import dev.pushgate.gateway.store.dialect.Generation;
import dev.pushgate.gateway.store.dialect.Ownership;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ownership of a SQLite file: a lock on the file beside it. Thread-safe.
final class FileOwnership implements Ownership {
  private static final Logger log = LoggerFactory.getLogger(FileOwnership.class);

  private final LockFile lock;
  private final Generation generation;

  FileOwnership(LockFile lock, Generation generation) {
    this.lock = lock;
    this.generation = generation;
  }

  @Override
  public void begin(Jdbi writing, Consumer<RuntimeException> onFailure) {
    writing.useTransaction(generation::raise);
  }

  /// SQLite has one writing transaction at a time: what it reads stands until it ends.
  @Override
  public void confirm(Handle handle) {
    generation.confirm(handle);
  }

  @Override
  public void exclusively(Runnable work) {
    lock.exclusively(work);
  }

  @Override
  public boolean isHeld() {
    return !generation.isLost();
  }

  @Override
  public CompletionStage<Void> lost() {
    return generation.lost();
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("The database's lock file did not close: {}", DatabaseFile.why(e));
    }
  }
}
