package dev.pushgate.core.relay;

/// The relay did not answer, or did not answer in time. Carries no stack trace: while a relay is
/// away there is one for each request.
public final class RelayUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line for the log; it may name hosts, so it is not for clients
  public RelayUnavailableException(String message) {
    super(message, null, false, false);
  }
}
