package dev.pushgate.bench;

import dev.pushgate.core.outcome.FailureWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server that a benchmark starts and ends. Confined to the thread that starts it.
final class ServerProcess implements AutoCloseable {
  private static final int SECONDS_TO_END = 20;

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it, and waits until it prints its port.
  ///
  /// @param builder its command and environment
  /// @param portLine what it prints, with the port as the first group
  static ServerProcess start(ProcessBuilder builder, Pattern portLine) {
    List<String> printed = new ArrayList<>();
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      String line;
      while ((line = output.readLine()) != null) {
        Matcher matcher = portLine.matcher(line);
        if (matcher.find()) {
          Thread.ofVirtual().start(() -> output.lines().forEach(rest -> {}));
          return new ServerProcess(process, Integer.parseInt(matcher.group(1)));
        }
        printed.add(line);
      }
    } catch (IOException e) {
      throw new BenchFailedException(
          "cannot start " + builder.command().getFirst() + ": " + FailureWords.of(e));
    }
    throw new BenchFailedException(
        builder.command().getFirst() + " ended at once: " + String.join(" ", printed));
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
