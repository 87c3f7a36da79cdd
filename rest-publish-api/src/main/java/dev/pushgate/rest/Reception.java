package dev.pushgate.rest;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// What becomes of a request's body, as far as its head tells. Immutable.
public sealed interface Reception {
  /// It is read, up to so many bytes, or the transport's own limit where that is lower.
  ///
  /// @param then answers the request when it is whole, from where the head's judgement ended;
  ///     called at most once, and with that same head
  record Read(int maxBytes, Function<ApiRequest, CompletionStage<ApiResponse>> then)
      implements Reception {}

  /// It is not read: the request comes to nothing, whatever it holds.
  record Refused(ApiResponse answer) implements Reception {}
}
