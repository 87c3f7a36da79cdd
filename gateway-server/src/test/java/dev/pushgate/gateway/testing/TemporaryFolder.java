package dev.pushgate.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// A folder of a program that a test starts, which is gone with all that is in it when the program
/// has ended. Immutable.
public record TemporaryFolder(Path path) implements AutoCloseable {
  /// For how long a process of the program may still write while it ends.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public static TemporaryFolder make(String prefix) {
    try {
      return new TemporaryFolder(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Does nothing when it is gone already.
  @Override
  public void close() {
    try {
      Awaitility.await().atMost(PATIENCE).until(this::isGone);
    } catch (ConditionTimeoutException _) {
      System.err.println("left behind: " + path);
    }
  }

  private boolean isGone() {
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // somebody still writes there, or it is gone
    }
    return Files.notExists(path);
  }
}
