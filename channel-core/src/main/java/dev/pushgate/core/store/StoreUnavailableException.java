package dev.pushgate.core.store;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The store did not do what was asked, or could not say that it did: it is away, too slow, or no
/// longer this node's. Carries no stack trace: while a database is away there is one for each
/// request.
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean mayHaveHappened;

  /// For work whose outcome is unknown.
  ///
  /// @param message one line for the log; it may name hosts, so it is not for clients
  public StoreUnavailableException(String message) {
    this(message, true);
  }

  private StoreUnavailableException(String message, boolean mayHaveHappened) {
    super(message, null, false, false);
    this.mayHaveHappened = mayHaveHappened;
  }

  /// For work that was not even begun.
  public static StoreUnavailableException notBegun(String message) {
    return new StoreUnavailableException(message, false);
  }

  /// Whether work that ended with this failure, perhaps as a stage wraps it, was not even begun.
  public static boolean surelyDidNothing(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof StoreUnavailableException unavailable && !unavailable.mayHaveHappened;
  }

  /// Whether the work may have been done, or may yet be.
  public boolean mayHaveHappened() {
    return mayHaveHappened;
  }
}
