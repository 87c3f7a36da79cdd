package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.util.concurrent.CompletionStage;

/// What answers the requests of a listener. Called on the connections' event loops, so it is
/// thread-safe and does not block; the stage may complete on any thread. A failed stage is a bug
/// and is answered with 500.
@FunctionalInterface
public interface HttpApi {
  CompletionStage<ApiResponse> handle(ApiRequest request);

  /// Whether a request's body is worth taking in, how much of it, on whose account, and who answers
  /// it then. Asked of every request, with a body or without; does not throw.
  ///
  /// @param head the request without its body
  default Reception reception(ApiRequest head) {
    return new Reception.Read(
        Integer.MAX_VALUE, MemoryHolder.NODE, (request, _) -> handle(request));
  }
}
