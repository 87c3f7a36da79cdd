package dev.pushgate.rest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Where room is taken for an answer before it is made, by whoever can tell how large it will be.
/// What was taken is given back by the transport, when the answer is sent or comes to nothing.
/// Thread-safe.
@FunctionalInterface
public interface AnswerRoom {
  /// As much as anybody likes.
  AnswerRoom UNBOUNDED = _ -> true;

  /// @return false, and nothing is taken, when there is no room for so many bytes
  boolean take(long bytes);

  /// When [#take] was refused only because others make large answers now: completes with true when
  /// it is this one's turn, and the same is to be asked again then. Otherwise with false, also when
  /// nobody waits for the answer any more.
  default CompletionStage<Boolean> turn() {
    return CompletableFuture.completedStage(false);
  }
}
