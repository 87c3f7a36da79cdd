package dev.pushgate.gateway.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.pushgate.gateway.config.LogLevel;
import org.slf4j.LoggerFactory;

/// Where the log goes is said in logback.xml; how much of it, here. Thread-safe.
public final class LogOutput {
  private static final String OURS = "dev.pushgate";

  private LogOutput() {}

  /// Sets the least severe level of the gateway's own lines. Libraries stay at warnings.
  public static void setLevel(LogLevel level) {
    if (LoggerFactory.getLogger(OURS) instanceof Logger ours) {
      ours.setLevel(Level.valueOf(level.name()));
    }
  }
}
