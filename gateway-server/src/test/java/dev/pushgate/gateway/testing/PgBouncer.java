package dev.pushgate.gateway.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A real PgBouncer before a PostgreSQL of this machine, which ends with the test. Not thread-safe.
public final class PgBouncer implements AutoCloseable {
  private final TemporaryFolder folder;
  private final Process process;
  private final int port;

  private PgBouncer(TemporaryFolder folder, Process process, int port) {
    this.folder = folder;
    this.process = process;
    this.port = port;
  }

  /// Where Debian has it is not on everybody's path.
  public static Optional<Path> program() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .filter(directory -> !directory.isBlank())
        .map(directory -> Path.of(directory, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one before this database, which is not to ask for a password.
  ///
  /// @param mode `session`, `transaction` or `statement`
  /// @param more lines of settings
  public static PgBouncer before(TestDatabase database, String mode, String... more) {
    try {
      TemporaryFolder folder = TemporaryFolder.make("pushgate-pgbouncer");
      Path directory = folder.path();
      UnprivilegedUser user = UnprivilegedUser.detect(directory);
      int port = FreePort.any();
      Path settings =
          Files.writeString(
              directory.resolve("b.ini"),
              settings(database, mode, port) + String.join("\n", more) + "\n");
      user.own(directory);
      Process process =
          new ProcessBuilder(
                  user.command(List.of(program().orElseThrow().toString(), settings.toString())))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      PgBouncer made = new PgBouncer(folder, process, port);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(made::listens);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings(TestDatabase database, String mode, int port) {
    String[] parts = database.url().split("[/:?]+", -1);
    return """
    [databases]
    %s = host=%s port=%s dbname=%s user=%s
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = %d
    unix_socket_dir =
    auth_type = any
    pool_mode = %s
    ignore_startup_parameters = extra_float_digits, options
    """
        .formatted(parts[4], parts[2], parts[3], parts[4], database.user(), port, mode);
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException _) {
      if (!process.isAlive()) {
        throw new IllegalStateException("PgBouncer does not start");
      }
      return false;
    }
  }

  /// The database, by way of the pool.
  public TestDatabase database(TestDatabase behind) {
    return new TestDatabase(
        behind.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/"), behind.user(), null);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    folder.close();
  }
}
