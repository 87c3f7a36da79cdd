package dev.pushgate.gateway.app;

import org.jspecify.annotations.Nullable;

/// The gateway cannot be started, for a reason that its operator can do something about. The
/// message is one line for people.
public final class StartFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  public StartFailedException(String message) {
    this(message, null);
  }

  public StartFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
