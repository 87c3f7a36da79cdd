package dev.pushgate.gateway.store.sqlite;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file beside the database whose locks the operating system takes back when their process
/// dies. (The database file's own locks do not serve: the tools of the command line are to work
/// beside a node.) Its first byte stands for the ownership, its second for migrating; what is
/// written in it says who owns the database. Nobody but its owner may open it, for whoever can read
/// a file can lock it. Thread-safe.
final class LockFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LockFile.class);
  private static final long OWNERSHIP = 0;
  private static final long MIGRATION = 1;
  private static final int NOTE_BYTES = 512;

  private final Path path;
  private final FileChannel file;

  private LockFile(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  private static LockFile open(Path database) throws IOException {
    Path path = database.resolveSibling(database.getFileName() + ".lock");
    DatabaseFile.createPrivate(path);
    restrict(path);
    return new LockFile(
        path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /// One that an older version made.
  private static void restrict(Path path) {
    try {
      if (DatabaseFile.isPosix(path)
          && !Files.getPosixFilePermissions(path).equals(DatabaseFile.PRIVATE)) {
        Files.setPosixFilePermissions(path, DatabaseFile.PRIVATE);
      }
    } catch (IOException e) {
      log.warn(
          "Others may lock {}, and so keep a gateway from starting: {}", path, DatabaseFile.why(e));
    }
  }

  /// Takes the ownership, for as long as this object is open.
  ///
  /// @throws StoreStartException when another node has it, or some program has locked the file
  static LockFile own(Path database) throws IOException {
    LockFile lock = open(database);
    if (lock.tryLock() == null) {
      String refusal = lock.refusal();
      lock.close();
      throw new StoreStartException(refusal + "; stop it first");
    }
    lock.note();
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

  private void note() throws IOException {
    String note =
        ProcessHandle.current().pid()
            + " on "
            + host()
            + " since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    file.truncate(0);
    file.write(ByteBuffer.wrap((note + "\n").getBytes(StandardCharsets.UTF_8)), 0);
  }

  /// Who has locked it: a node that wrote so and lives, or some program that wrote nothing.
  private String refusal() throws IOException {
    ByteBuffer read = ByteBuffer.allocate(NOTE_BYTES);
    file.read(read, 0);
    String note = new String(read.array(), 0, read.position(), StandardCharsets.UTF_8).strip();
    String[] words = note.split(" ", -1);
    if (words.length != 5 || !words[0].matches("\\d{1,18}")) {
      return "Some program has locked "
          + path
          + ", and no node wrote there that it owns this database";
    }
    boolean isGone =
        words[2].equals(host()) && ProcessHandle.of(Long.parseLong(words[0])).isEmpty();
    return isGone
        ? "Some program has locked "
            + path
            + "; the last node that owned this database, process "
            + words[0]
            + ", has ended"
        : "Another Pushgate node owns this database ("
            + path
            + " is locked by process "
            + note
            + ")";
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replace(' ', '-');
    } catch (UnknownHostException _) {
      return "this-host";
    }
  }

  /// Runs the work while no other process runs such work on this database.
  void exclusively(Runnable work) {
    try (FileLock held = file.lock(MIGRATION, 1, false)) {
      work.run();
      held.release();
    } catch (IOException e) {
      throw new StoreStartException(
          "The file " + path + " cannot be locked: " + DatabaseFile.why(e));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
