package dev.pushgate.gateway.config;

/// How severe a log line is. Immutable.
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE
}
