package dev.pushgate.core.name;

/// The identity of one live client connection, unique on its node for as long as that runs.
/// Immutable.
public record SessionId(long value) {
  @Override
  public String toString() {
    return Long.toString(value, 36);
  }
}
