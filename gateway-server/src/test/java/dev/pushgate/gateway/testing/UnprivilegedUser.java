package dev.pushgate.gateway.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who runs a server that refuses to run as root: another user when the tests run as root, else
/// nobody in particular. Immutable.
///
/// @param name the user to become, or null to stay who we are
/// @param id and their number
public record UnprivilegedUser(@Nullable String name, int id) {
  private static final List<String> CANDIDATES = List.of("postgres", "nobody");

  /// @param probe a file that this process has made
  static UnprivilegedUser detect(Path probe) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(probe, "unix:uid"))) {
      return new UnprivilegedUser(null, -1);
    }
    for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && CANDIDATES.contains(fields[0])) {
        return new UnprivilegedUser(fields[0], Integer.parseInt(fields[2]));
      }
    }
    throw new IOException("the tests run as root, and there is no user " + CANDIDATES);
  }

  /// Gives a directory and all in it to the user.
  void own(Path directory) throws IOException {
    if (name == null) {
      return;
    }
    UserPrincipal owner =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        Files.setOwner(file, owner);
      }
    }
  }

  /// The command as this user runs it.
  List<String> command(List<String> command) {
    if (name == null) {
      return command;
    }
    List<String> whole = new ArrayList<>();
    if (has("setpriv")) {
      whole.addAll(List.of("setpriv", "--reuid=" + id, "--clear-groups", "--"));
    } else if (has("runuser")) {
      whole.addAll(List.of("runuser", "-u", name, "--"));
    } else {
      whole.addAll(List.of("su", "-s", "/bin/sh", name, "-c", "exec \"$@\"", "--", "sh"));
    }
    whole.addAll(command);
    return whole;
  }

  private static boolean has(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
