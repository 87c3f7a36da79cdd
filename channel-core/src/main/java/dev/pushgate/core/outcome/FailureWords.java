package dev.pushgate.core.outcome;

import org.jspecify.annotations.Nullable;

/// What a failure says, for a line that an operator reads: its own words, and no class's name but
/// where it has none. Stateless.
public final class FailureWords {
  private FailureWords() {}

  /// One line. Of what only wraps a failure (as stages do) the one that is wrapped.
  public static String of(Throwable failure) {
    Throwable said = failure;
    Throwable cause = said.getCause();
    while (cause != null && saysNothing(said, cause)) {
      said = cause;
      cause = said.getCause();
    }
    @Nullable String message = said.getMessage();
    return message == null || message.isBlank()
        ? said.getClass().getSimpleName()
        : message.strip().lines().map(String::strip).findFirst().orElse("");
  }

  private static boolean saysNothing(Throwable said, Throwable cause) {
    @Nullable String message = said.getMessage();
    return message == null || message.isBlank() || message.equals(cause.toString());
  }
}
