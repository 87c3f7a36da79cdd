package dev.pushgate.gateway.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// What is installed on this machine. Stateless.
final class Programs {
  private Programs() {}

  /// Whether the `PATH` leads to a program of this name.
  static boolean has(String name) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }
}
