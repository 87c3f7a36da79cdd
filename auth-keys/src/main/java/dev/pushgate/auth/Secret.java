package dev.pushgate.auth;

/// A text that must not be seen: it prints `[redacted]`, in logs and in records that hold it.
/// Immutable.
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /// The text itself; to be handed to cryptography or, once, to its owner.
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
