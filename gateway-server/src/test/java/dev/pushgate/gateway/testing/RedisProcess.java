package dev.pushgate.gateway.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/// A Redis server of this test's own, which can be killed, paused, and started again, empty, on the
/// same port. It ends with the JVM. Not thread-safe.
public final class RedisProcess implements AutoCloseable {
  private static final Duration START_WITHIN = Duration.ofSeconds(30);

  private final int port;
  private final List<String> arguments;
  private final TemporaryFolder folder;
  private @Nullable Process process;
  private boolean paused;

  private RedisProcess(int port, List<String> arguments, TemporaryFolder folder) {
    this.port = port;
    this.arguments = arguments;
    this.folder = folder;
  }

  /// Starts a server that keeps everything in memory only.
  ///
  /// @param options more of its command line, such as `--requirepass x`
  public static RedisProcess start(String... options) {
    int port = FreePort.any();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    arguments.addAll(List.of("--save", "", "--appendonly", "no"));
    arguments.addAll(List.of(options));
    return launched(new RedisProcess(port, arguments, TemporaryFolder.make("pushgate-redis")));
  }

  /// Starts a sentinel that puts a replica in the master's place half a second after that is gone.
  ///
  /// @param masterPort the master's port on the loopback address
  public static RedisProcess sentinel(String master, int masterPort) {
    int port = FreePort.any();
    List<String> lines =
        List.of(
            "port " + port,
            "bind 127.0.0.1",
            "sentinel monitor %s 127.0.0.1 %d 1".formatted(master, masterPort),
            "sentinel down-after-milliseconds %s 500".formatted(master),
            "sentinel failover-timeout %s 5000".formatted(master));
    try {
      TemporaryFolder folder = TemporaryFolder.make("pushgate-sentinel");
      Path file = Files.write(folder.path().resolve("sentinel.conf"), lines);
      return launched(new RedisProcess(port, List.of(file.toString(), "--sentinel"), folder));
    } catch (IOException e) {
      throw new UncheckedIOException("a sentinel has no configuration", e);
    }
  }

  /// Whether the program was built with TLS.
  public static boolean knowsTls() {
    try {
      Process asked =
          new ProcessBuilder(Binary.PATH.toString(), "--port", "0", "--tls-port", "0")
              .redirectErrorStream(true)
              .start(); // it ends at once, for it is to listen nowhere
      String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return !said.contains("CONFIG FILE ERROR");
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server does not start", e);
    }
  }

  private static RedisProcess launched(RedisProcess made) {
    Runtime.getRuntime().addShutdownHook(new Thread(made::close));
    made.launch();
    return made;
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /// Starts the server again after [#kill], without anything it had, and waits until it answers.
  public void launch() {
    List<String> command = new ArrayList<>();
    command.add(Binary.PATH.toString());
    command.addAll(arguments);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .directory(folder.path().toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server does not start", e);
    }
    Awaitility.await().atMost(START_WITHIN).until(this::answers);
  }

  /// Ends the server as `kill -9` does.
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().orTimeout(10, TimeUnit.SECONDS).join();
      process = null;
    }
  }

  /// Stops the server where it is, connections and all, until [#resume].
  public void pause() {
    signal("STOP");
    paused = true;
  }

  public void resume() {
    signal("CONT");
    paused = false;
  }

  /// Has the server carry out a command, such as `FLUSHALL`.
  ///
  /// @return the first line of its answer
  public String run(String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (paused) {
      resume();
    }
    kill();
    folder.close();
  }

  private void signal(String name) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("the server does not run");
    }
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("no signal " + name + " to the server");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean answers() {
    Process running = process;
    if (running == null || !running.isAlive()) {
      throw new IllegalStateException("redis-server has ended: somebody else may have its port");
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      int first = socket.getInputStream().read();
      return first == '+' || first == '-'; // with a password it says that it wants one
    } catch (IOException _) {
      return false;
    }
  }

  /// The program: on the `PATH`, else unpacked from the test dependencies.
  private static final class Binary {
    static final Path PATH = onPath().orElseGet(Binary::unpacked);

    private static Optional<Path> onPath() {
      String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
      return Stream.of(path.split(File.pathSeparator))
          .filter(directory -> !directory.isEmpty())
          .map(directory -> Path.of(directory, "redis-server"))
          .filter(Files::isExecutable)
          .findFirst();
    }

    private static Path unpacked() {
      try {
        TemporaryFolder folder = TemporaryFolder.make("pushgate-redis-binary");
        Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
        return ExecutableProvider.newJarResourceProvider(folder.path().toFile()).get().toPath();
      } catch (IOException e) {
        throw new UncheckedIOException("Redis's binary does not unpack", e);
      }
    }
  }
}
