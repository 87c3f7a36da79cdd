package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import java.util.concurrent.CompletionStage;

/// What answers the requests of a listener. Called on the connections' event loops, so it is
/// thread-safe and does not block; the stage may complete on any thread. A failed stage is a bug
/// and is answered with 500.
@FunctionalInterface
public interface HttpApi {
  CompletionStage<ApiResponse> handle(ApiRequest request);
}
