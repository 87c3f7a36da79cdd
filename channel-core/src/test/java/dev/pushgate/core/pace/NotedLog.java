package dev.pushgate.core.pace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

/// A log that a test reads.
final class NotedLog extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  record Line(Level level, String sentence, @Nullable Throwable cause) {}

  final transient List<Line> lines = new ArrayList<>();

  List<String> said() {
    return lines.stream().map(Line::sentence).toList();
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String sentence,
      Object @Nullable [] arguments,
      @Nullable Throwable cause) {
    lines.add(new Line(level, sentence, cause));
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return NotedLog.class.getName();
  }

  @Override
  public boolean isTraceEnabled() {
    return true;
  }

  @Override
  public boolean isDebugEnabled() {
    return true;
  }

  @Override
  public boolean isInfoEnabled() {
    return true;
  }

  @Override
  public boolean isWarnEnabled() {
    return true;
  }

  @Override
  public boolean isErrorEnabled() {
    return true;
  }
}
