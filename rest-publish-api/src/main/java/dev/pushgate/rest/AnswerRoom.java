package dev.pushgate.rest;

/// Where room is taken for an answer before it is made, by whoever can tell how large it will be.
/// What was taken is given back by the transport, when the answer is sent or comes to nothing.
/// Thread-safe.
@FunctionalInterface
public interface AnswerRoom {
  /// As much as anybody likes.
  AnswerRoom UNBOUNDED = _ -> true;

  /// @return false, and nothing is taken, when there is no room for so many bytes
  boolean take(long bytes);
}
