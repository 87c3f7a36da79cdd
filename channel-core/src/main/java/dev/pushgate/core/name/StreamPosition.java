package dev.pushgate.core.name;

/// A place in a channel's stream. Immutable.
///
/// @param epoch an opaque string; offsets of another epoch mean nothing in this one
/// @param offset the number of a publication, counted from 1; 0 stands before the first
public record StreamPosition(String epoch, long offset) {
  /// The longest epoch that is taken from a client, in characters.
  public static final int MAX_EPOCH_LENGTH = 64;

  public StreamPosition {
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is not negative: " + offset);
    }
  }

  public StreamPosition withOffset(long other) {
    return new StreamPosition(epoch, other);
  }
}
