package dev.pushgate.core.channel;

import dev.pushgate.core.name.StreamPosition;

/// From where on a new member wants a channel. Immutable.
public sealed interface Start {
  Start LIVE = new Live();

  /// Only what comes from now on.
  record Live() implements Start {}

  /// Everything after this position, then live.
  record Since(StreamPosition position) implements Start {}

  /// The last `count` of the recent log (fewer when there are fewer), then live.
  record Rewind(int count) implements Start {
    public Rewind {
      if (count < 0) {
        throw new IllegalArgumentException("a rewind is not negative: " + count);
      }
    }
  }
}
