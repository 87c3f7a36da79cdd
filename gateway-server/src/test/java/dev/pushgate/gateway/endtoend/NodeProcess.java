package dev.pushgate.gateway.endtoend;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// `pushgate serve` in a process of its own, which can be ended in every way. The test that started
/// it ends it. Thread-safe.
public final class NodeProcess implements Node, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern REST = Pattern.compile("REST +http://[^ ]+:(\\d+)/api");
  private static final Pattern HEALTH = Pattern.compile("Health +http://[^ ]+:(\\d+)/health");

  private final Process process;
  private final StringBuffer output = new StringBuffer();
  private final StringBuffer errors = new StringBuffer();
  private final List<Thread> readers;

  private NodeProcess(Process process) {
    this.process = process;
    this.readers =
        List.of(copy(process.getInputStream(), output), copy(process.getErrorStream(), errors));
  }

  /// Starts a node and waits until it serves.
  public static NodeProcess start(Map<String, String> environment, String... jvmFlags) {
    NodeProcess node = launch(environment, jvmFlags);
    try {
      node.awaitServing();
      return node;
    } catch (RuntimeException | AssertionError e) {
      node.close();
      throw e;
    }
  }

  public void awaitServing() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> HEALTH.matcher(output).find() || !process.isAlive());
    port();
  }

  /// Starts a node and waits for nothing.
  public static NodeProcess launch(Map<String, String> environment, String... jvmFlags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-ea",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(nativeLibraries());
    command.addAll(List.of(jvmFlags));
    command.addAll(List.of("-cp", classPath(), "dev.pushgate.gateway.cli.Pushgate", "serve"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PUSHGATE_"));
    builder.environment().putAll(environment);
    try {
      return new NodeProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the tests unpack them: a node that is killed leaves its own.
  private static List<String> nativeLibraries() {
    return Stream.of("org.sqlite.tmpdir", "io.netty.native.workdir")
        .filter(name -> System.getProperty(name) != null)
        .map(name -> "-D" + name + "=" + System.getProperty(name))
        .toList();
  }

  /// That of the tests, without the tests themselves and their way of logging.
  private static String classPath() {
    String own = System.getProperty("java.class.path");
    String tests = System.getProperty("surefire.test.class.path", own);
    return Arrays.stream(tests.split(File.pathSeparator))
        .filter(entry -> !entry.replaceFirst("/$", "").endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Thread copy(InputStream from, StringBuffer to) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (var lines =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                lines.lines().forEach(line -> to.append(line).append('\n'));
              } catch (IOException | UncheckedIOException e) {
                to.append(e).append('\n');
              }
            });
  }

  @Override
  public int port() {
    return portIn(REST);
  }

  @Override
  public int managementPort() {
    return portIn(HEALTH);
  }

  private int portIn(Pattern line) {
    Matcher found = line.matcher(output);
    if (!found.find()) {
      throw new AssertionError("the node does not serve:\n" + output + errors);
    }
    return Integer.parseInt(found.group(1));
  }

  public String output() {
    return output.toString();
  }

  public String errors() {
    return errors.toString();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// As a power cut ends it.
  public void kill() {
    process.toHandle().destroyForcibly(); // the process's own method drops what it has said
    exitCode();
  }

  /// As an operator ends it.
  public void terminate() {
    process.toHandle().destroy();
  }

  /// Takes the processor away from it: its connections stay, and nothing is answered.
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new AssertionError("kill -" + name + " ended with " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Waits for its end, and for all that it has said.
  public int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the node does not end:\n" + output + errors);
      }
      for (Thread reader : readers) {
        reader.join();
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
