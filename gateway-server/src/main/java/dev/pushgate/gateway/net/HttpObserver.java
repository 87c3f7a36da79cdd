package dev.pushgate.gateway.net;

import java.util.List;

/// Hears what the transport refuses by itself, without the API, to be counted. Thread-safe; called
/// on event loops.
@FunctionalInterface
public interface HttpObserver {
  /// Every status that the transport gives by itself.
  List<Integer> STATUSES = List.of(400, 408, 413, 414, 415, 417, 426, 429, 431, 500, 501, 503, 505);

  /// @param status one of [#STATUSES]
  void refused(int status);

  /// A connection was closed as soon as it came, for there were as many as there may be.
  default void turnedAway() {}
}
