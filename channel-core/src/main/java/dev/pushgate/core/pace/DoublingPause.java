package dev.pushgate.core.pace;

import java.time.Duration;

/// How long to wait before each next try: twice as long as before the last, up to a limit.
/// Immutable.
///
/// @param first the pause before the first try
/// @param longest no pause is longer
public record DoublingPause(Duration first, Duration longest) {
  public DoublingPause {
    if (!first.isPositive() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException("pauses grow: " + first + " to " + longest);
    }
  }

  /// The pause that follows this one.
  public Duration after(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }
}
