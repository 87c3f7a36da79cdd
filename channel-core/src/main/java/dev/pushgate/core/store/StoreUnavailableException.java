package dev.pushgate.core.store;

/// The store did not do what was asked: it is away, too slow, or no longer this node's. Whether the
// work was
/// done is unknown. Carries no stack trace: while a database is away there is one for each request.
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line for the log; it may name hosts, so it is not for clients
  public StoreUnavailableException(String message) {
    super(message, null, false, false);
  }
}
