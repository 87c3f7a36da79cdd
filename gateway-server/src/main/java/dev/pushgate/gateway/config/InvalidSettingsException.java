package dev.pushgate.gateway.config;

import java.util.List;

/// The settings cannot be used. Holds every problem, each one sentence for people. Immutable.
public final class InvalidSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  InvalidSettingsException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
