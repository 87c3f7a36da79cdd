package dev.pushgate.gateway.store.sqlite;

import dev.pushgate.core.outcome.FailureWords;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The file of a SQLite database, as the file system sees it. Stateless.
final class DatabaseFile {
  static final Set<PosixFilePermission> PRIVATE =
      Set.copyOf(PosixFilePermissions.fromString("rw-------"));

  private DatabaseFile() {}

  /// The file that the rest of a JDBC URL names.
  static Path named(String rest) {
    if (rest.isEmpty() || rest.startsWith(":") || rest.indexOf('?') >= 0) {
      throw new StoreStartException(
          "The store's URL is to name a file, like jdbc:sqlite:/var/lib/pushgate/pushgate.db");
    }
    try {
      return Path.of(rest.startsWith("file:") ? rest.substring("file:".length()) : rest)
          .toAbsolutePath()
          .normalize();
    } catch (InvalidPathException e) {
      throw new StoreStartException("The store's URL names no possible file: " + e.getReason());
    }
  }

  /// Makes the file and its directory when they are not there. Nobody but its owner may read it: it
  /// holds the secrets that tokens are signed with. (SQLite gives the files beside it the same
  /// permissions.)
  static void prepare(Path file) throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (Files.isDirectory(file)) {
      throw new StoreStartException("The database file " + file + " is a directory");
    }
    if (Files.notExists(file)) {
      createPrivate(file);
    }
    if (!Files.isReadable(file) || !Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString());
    }
  }

  /// Makes a file that nobody but its owner may open, unless it is there.
  static void createPrivate(Path file) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, attributes);
    } catch (FileAlreadyExistsException e) {
      // Another process was quicker: what it made serves as well.
      assert Files.exists(file) : file;
    }
  }

  static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// Why the file cannot be used, for the operator.
  static StoreStartException explain(Path file, IOException failure) {
    return new StoreStartException(
        "The database file " + file + " cannot be used: " + why(failure));
  }

  /// What is wrong with a file that the sentence names already.
  static String why(IOException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "it may not be read and written by this user";
      case FileAlreadyExistsException e -> e.getFile() + " is no directory";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> FailureWords.of(failure);
    };
  }
}
