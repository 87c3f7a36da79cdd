package dev.pushgate.gateway.store.dialect;

/// The store cannot be opened. The message is one sentence for the operator, and all they need: it
/// names no password, and there is nothing to see in a stack trace.
public final class StoreStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreStartException(String sentence) {
    super(sentence, null, false, false);
  }
}
