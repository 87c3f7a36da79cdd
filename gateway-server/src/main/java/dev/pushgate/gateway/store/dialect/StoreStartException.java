package dev.pushgate.gateway.store.dialect;

/// The store cannot be opened. The message is one sentence for the operator, and all they need: it
/// names no password, and there is nothing to see in a stack trace.
public final class StoreStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  public StoreStartException(String sentence) {
    this(sentence, false);
  }

  /// @param mayPass whether it may be otherwise in a moment without anybody's doing: the database
  ///     is not there yet
  public StoreStartException(String sentence, boolean mayPass) {
    super(sentence, null, false, false);
    this.mayPass = mayPass;
  }

  public boolean mayPass() {
    return mayPass;
  }
}
