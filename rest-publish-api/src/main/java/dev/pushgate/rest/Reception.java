package dev.pushgate.rest;

import dev.pushgate.core.memory.MemoryHolder;
import java.util.concurrent.CompletionStage;

/// What becomes of a request's body, as far as its head tells. Immutable.
public sealed interface Reception {
  /// It is read, up to so many bytes, or the transport's own limit where that is lower.
  ///
  /// @param holder on whose account the request is; [MemoryHolder#NODE] for its address's alone
  /// @param then answers the request when it is whole, from where the head's judgement ended;
  ///     called at most once, and with that same head
  record Read(int maxBytes, MemoryHolder holder, Answering then) implements Reception {}

  /// It is not read: the request comes to nothing, whatever it holds.
  record Refused(ApiResponse answer) implements Reception {}

  /// What answers a whole request.
  @FunctionalInterface
  interface Answering {
    /// @param room where large answers take room first
    CompletionStage<ApiResponse> answer(ApiRequest request, AnswerRoom room);
  }
}
