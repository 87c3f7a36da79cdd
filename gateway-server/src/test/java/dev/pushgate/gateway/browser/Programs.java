package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// What is installed on this machine. Stateless.
final class Programs {
  private Programs() {}

  /// Skips what needs a program that is not there, or fails it where the browser tests must run.
  static void need(String name) {
    String sentence = "This is not tried, for there is no `" + name + "` here";
    if ("1".equals(System.getenv(BrowserPrograms.REQUIRE_VARIABLE))) {
      assertThat(has(name)).as(sentence).isTrue();
    }
    assumeTrue(has(name), sentence);
  }

  /// Whether the `PATH` leads to a program of this name.
  private static boolean has(String name) {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }
}
