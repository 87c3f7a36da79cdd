package dev.pushgate.core.store;

/// Nobody had room for a page, so it was not read. Costs no stack trace. Immutable.
public final class PageTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param bytes what the page would have taken
  public PageTooLargeException(long bytes) {
    super("no room for a page of " + bytes + " bytes", null, false, false);
  }
}
