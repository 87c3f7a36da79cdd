package dev.pushgate.core.store;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The store did not do what was asked, or could not say that it did: it is away, too slow, or no
/// longer this node's. Carries no stack trace: while a database is away there is one for each
/// request.
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// How far the work came.
  private enum Progress {
    NOT_BEGUN,
    ROLLED_BACK,
    UNKNOWN
  }

  private final Progress progress;

  /// For work whose outcome is unknown.
  ///
  /// @param message one line for the log; it may name hosts, so it is not for clients
  public StoreUnavailableException(String message) {
    this(message, Progress.UNKNOWN);
  }

  private StoreUnavailableException(String message, Progress progress) {
    super(message, null, false, false);
    this.progress = progress;
  }

  /// For work that was not even begun.
  public static StoreUnavailableException notBegun(String message) {
    return new StoreUnavailableException(message, Progress.NOT_BEGUN);
  }

  /// For work that the store refused and surely took back as a whole.
  public static StoreUnavailableException rolledBack(String message) {
    return new StoreUnavailableException(message, Progress.ROLLED_BACK);
  }

  /// Whether work that ended with this failure, perhaps as a stage wraps it, surely has no effect.
  public static boolean surelyDidNothing(@Nullable Throwable failure) {
    return unwrapped(failure) instanceof StoreUnavailableException unavailable
        && unavailable.progress != Progress.UNKNOWN;
  }

  /// Whether work that ended with this failure, perhaps as a stage wraps it, was not even begun.
  public static boolean wasNotBegun(@Nullable Throwable failure) {
    return unwrapped(failure) instanceof StoreUnavailableException unavailable
        && unavailable.progress == Progress.NOT_BEGUN;
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }
}
