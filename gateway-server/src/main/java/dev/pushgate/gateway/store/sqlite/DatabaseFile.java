package dev.pushgate.gateway.store.sqlite;

import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The file of a SQLite database, as the file system sees it. Stateless.
final class DatabaseFile {
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
      create(file);
    }
    if (!Files.isReadable(file) || !Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString());
    }
  }

  private static void create(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, attributes);
    } catch (FileAlreadyExistsException e) {
      // Another process was quicker: what it made serves as well.
      assert Files.exists(file) : file;
    }
  }

  /// Why the file cannot be used, for the operator.
  static StoreStartException explain(Path file, IOException failure) {
    String why =
        switch (failure) {
          case AccessDeniedException _ -> "it may not be read and written by this user";
          case FileAlreadyExistsException e -> e.getFile() + " is no directory";
          default -> String.valueOf(failure.getMessage());
        };
    return new StoreStartException("The database file " + file + " cannot be used: " + why);
  }
}
