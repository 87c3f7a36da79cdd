package dev.pushgate.gateway.cli;

import java.util.List;

/// A command could not do what it was asked. Each message is one line for people; the exit code is
/// 1.
public class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> lines;

  public CommandFailedException(String line) {
    this(List.of(line));
  }

  CommandFailedException(List<String> lines) {
    super(String.join("; ", lines), null, false, false);
    this.lines = List.copyOf(lines);
  }

  List<String> lines() {
    return lines;
  }
}
