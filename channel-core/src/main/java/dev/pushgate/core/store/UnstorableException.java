package dev.pushgate.core.store;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The store is well and refused what was to be written for what that is: nothing of it was
/// written, and trying again will not help. Carries no stack trace. Immutable.
public final class UnstorableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line for the log, in the database's words; not for clients
  public UnstorableException(String message) {
    super(message, null, false, false);
  }

  /// Whether this failure, perhaps as a stage wraps it, says so.
  public static boolean isCauseOf(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof UnstorableException;
  }
}
