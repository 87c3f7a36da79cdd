package dev.pushgate.gateway.store.sqlite;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The file beside the database whose locks the operating system takes back when their process
/// dies. (The database file's own locks do not serve: the tools of the command line are to work
/// beside a node.) Its first byte stands for the ownership, its second for migrating. Thread-safe.
final class LockFile implements AutoCloseable {
  private static final long OWNERSHIP = 0;
  private static final long MIGRATION = 1;

  private final Path path;
  private final FileChannel file;

  private LockFile(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  private static LockFile open(Path database) throws IOException {
    Path path = database.resolveSibling(database.getFileName() + ".lock");
    return new LockFile(
        path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  /// Takes the ownership, for as long as this object is open.
  ///
  /// @throws StoreStartException when another node has it
  static LockFile own(Path database) throws IOException {
    LockFile lock = open(database);
    if (lock.tryLock() == null) {
      lock.close();
      throw new StoreStartException(
          "Another Pushgate node owns this database (" + lock.path + " is locked); stop it first");
    }
    return lock;
  }

  /// As [#exclusively(Runnable)], for a process that does not own the database. (One that does must
  /// not come here: closing a second handle of a file gives up all of a process's POSIX locks on
  /// it.)
  static void exclusively(Path database, Runnable work) {
    try (LockFile lock = open(database)) {
      lock.exclusively(work);
    } catch (IOException e) {
      throw DatabaseFile.explain(database, e);
    }
  }

  private @Nullable FileLock tryLock() throws IOException {
    try {
      return file.tryLock(OWNERSHIP, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // another store of this very process has it
    }
  }

  /// Runs the work while no other process runs such work on this database.
  void exclusively(Runnable work) {
    try (FileLock held = file.lock(MIGRATION, 1, false)) {
      work.run();
      held.release();
    } catch (IOException e) {
      throw new StoreStartException("The file " + path + " cannot be locked: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
