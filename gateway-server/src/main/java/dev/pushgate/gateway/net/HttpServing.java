package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.RateLimitedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What all HTTP connections of a listener share. Thread-safe.
///
/// @param upgrade null where no WebSocket is served
/// @param guard null where nobody authenticates
record HttpServing(
    HttpApi api,
    @Nullable WebSocketUpgrade upgrade,
    @Nullable AddressGuard guard,
    HeadCheck headCheck,
    HttpLimits limits,
    Responses responses,
    OpenConnections open,
    RateLimitedLog faults) {

  /// Asks the API. A bug in it is a failed stage, however it shows.
  CompletionStage<ApiResponse> ask(Exchange exchange) {
    try {
      return api.handle(exchange.head().withBody(exchange.body().toBytes()));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /// A failed authentication counts against its address.
  void noteStatus(RequestHead head, int status) {
    if (status == 401 && guard != null) {
      guard.failed(head.remoteAddress());
    }
  }
}
