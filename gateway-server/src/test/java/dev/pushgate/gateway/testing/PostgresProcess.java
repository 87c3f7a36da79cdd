package dev.pushgate.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server of this test's own, which can be killed, paused and started again on the
/// same data. It ends with the JVM. Not thread-safe.
public final class PostgresProcess implements AutoCloseable {
  private static final String SUPERUSER = "pushgate";

  private final TemporaryFolder folder;
  private final Path directory;
  private final Path binaries;
  private final UnprivilegedUser user;
  private final int port;
  private volatile @Nullable Process process;
  private boolean paused;

  private PostgresProcess(TemporaryFolder folder) throws IOException {
    this.folder = folder;
    this.directory = folder.path();
    this.binaries = PostgresBinaries.find(directory);
    this.user = UnprivilegedUser.detect(directory);
    this.port = FreePort.any();
  }

  /// Makes a cluster and starts a server on it.
  public static PostgresProcess start() {
    try {
      PostgresProcess made = new PostgresProcess(TemporaryFolder.make("pushgate-postgres"));
      Runtime.getRuntime().addShutdownHook(new Thread(made::close));
      made.initialize();
      made.launch();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL does not start", e);
    }
  }

  public int port() {
    return port;
  }

  /// A server of its own on a copy of what this one has on disk, which is not running; not started
  /// yet.
  public PostgresProcess copy() {
    try {
      PostgresProcess made = new PostgresProcess(TemporaryFolder.make("pushgate-postgres"));
      Runtime.getRuntime().addShutdownHook(new Thread(made::close));
      try (Stream<Path> files = Files.walk(data())) {
        for (Path file : files.toList()) {
          Files.copy(
              file,
              made.data().resolve(data().relativize(file)),
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
      Files.deleteIfExists(made.data().resolve("postmaster.pid"));
      made.user.own(made.directory);
      Files.setPosixFilePermissions(made.data(), PosixFilePermissions.fromString("rwx------"));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL's data cannot be copied", e);
    }
  }

  /// Starts the server again as a standby, which can be read.
  public void launchAsStandby() {
    try {
      Files.createFile(data().resolve("standby.signal"));
      user.own(data().resolve("standby.signal"));
      Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    launch();
  }

  /// The server's own database.
  TestDatabase database() {
    return new TestDatabase("jdbc:postgresql://127.0.0.1:" + port + "/postgres", SUPERUSER, null);
  }

  /// A fresh, empty database on this server.
  public TestDatabase freshDatabase() {
    return TestPostgres.freshDatabaseOn(database());
  }

  /// Ends the server as a power cut would: every process of it at once, with nothing written any
  /// more.
  public void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    process = null;
  }

  /// Starts the server again after [#kill] and waits until it answers.
  public void launch() {
    process = spawn(server());
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::answers);
  }

  private List<String> server() {
    return List.of(
        binaries.resolve("postgres").toString(),
        "-D",
        data().toString(),
        "-p",
        Integer.toString(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "max_connections=200",
        // The tests kill processes, not the kernel: what was written is there without a sync.
        "-c",
        "fsync=off");
  }

  /// Stops every process of the server where it is, connections and all, until [#resume].
  public void pause() {
    paused = true;
    signal("STOP");
    // And what was born meanwhile.
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
    paused = false;
  }

  @Override
  public void close() {
    if (process != null) {
      if (paused) {
        resume();
      }
      kill();
    }
    folder.close();
  }

  private void initialize() throws IOException {
    Files.createDirectories(data());
    user.own(directory);
    Process initdb =
        spawn(
            List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + SUPERUSER,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
    if (exitOf(initdb) != 0) {
      throw new IOException("initdb failed: " + Files.readString(log()));
    }
  }

  private Process spawn(List<String> command) {
    try {
      return new ProcessBuilder(user.command(command))
          .directory(directory.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name) {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "kill -" + name + " \"$@\"", "kill"));
    processes().forEach(one -> command.add(Long.toString(one.pid())));
    try {
      exitOf(new ProcessBuilder(command).inheritIO().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ProcessHandle> processes() {
    Process root = process;
    if (root == null) {
      return List.of();
    }
    return Stream.concat(Stream.of(root.toHandle()), root.descendants()).toList();
  }

  private boolean answers() {
    Process current = process;
    if (current == null || !current.isAlive()) {
      // A backend that was born while the others were killed may hold on for a moment.
      process = spawn(server());
    }
    try (Connection connection = DriverManager.getConnection(database().url(), SUPERUSER, null)) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private static int exitOf(Process running) {
    try {
      return running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Path log() {
    return directory.resolve("postgres.log");
  }
}
