package dev.pushgate.gateway.testing;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// Where PostgreSQL's programs are: on the `PATH`, else unpacked from the test dependencies.
/// Thread-safe.
final class PostgresBinaries {
  private PostgresBinaries() {}

  /// The directory that holds `postgres` and `initdb`.
  ///
  /// @param scratch where to unpack them when they are not on the `PATH`
  static Path find(Path scratch) {
    return onPath()
        .orElseGet(
            () -> {
              try {
                return unpack(scratch);
              } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL's binaries do not unpack", e);
              }
            });
  }

  private static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(Path::of)
        .filter(
            directory ->
                Files.isExecutable(directory.resolve("postgres"))
                    && Files.isExecutable(directory.resolve("initdb")))
        .findFirst();
  }

  private static Path unpack(Path scratch) throws IOException {
    Path home = Files.createDirectories(scratch.resolve("binaries"));
    try (InputStream packed =
            DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system(), machine());
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, home.resolve(entry.getName()));
      }
    }
    return home.resolve("bin");
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    if ((entry.getMode() & 0100) != 0) {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static String system() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "Darwin" : "Linux";
  }

  private static String machine() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") ? "x86_64" : arch;
  }
}
