package dev.pushgate.gateway.cli;

import java.util.List;
import picocli.CommandLine.ExitCode;

/// A command could not do what it was asked. Each message is one line for people.
public class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> lines;
  private final int exitCode;

  /// The exit code is 1.
  public CommandFailedException(String line) {
    this(List.of(line), ExitCode.SOFTWARE);
  }

  CommandFailedException(List<String> lines, int exitCode) {
    super(String.join("; ", lines), null, false, false);
    this.lines = List.copyOf(lines);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  List<String> lines() {
    return lines;
  }
}
