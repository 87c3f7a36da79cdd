package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// What answers the requests of a listener. Called on the connections' event loops, so it is
/// thread-safe and does not block; the stage may complete on any thread. A failed stage is a bug
/// and is answered with 500.
@FunctionalInterface
public interface HttpApi {
  CompletionStage<ApiResponse> handle(ApiRequest request);

  /// The answer to a request that is refused whatever its body holds, so that the body need not be
  /// taken in. Asked only of requests that have one; empty to read on.
  ///
  /// @param head the request without its body
  default Optional<ApiResponse> refusal(ApiRequest head) {
    return Optional.empty();
  }
}
