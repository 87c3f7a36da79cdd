package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// A request that was let in, while its body comes and until it is answered. Known by its identity:
/// the answer to an exchange that has ended is dropped. Confined to the connection's event loop.
final class Exchange {
  private final RequestHead head;
  private final RequestBody body;
  private final Function<ApiRequest, CompletionStage<ApiResponse>> then;
  private final boolean upgrade;

  Exchange(RequestHead head, RequestBody body, Reception.Read reception, boolean upgrade) {
    this.head = head;
    this.body = body;
    this.then = reception.then();
    this.upgrade = upgrade;
  }

  RequestHead head() {
    return head;
  }

  RequestBody body() {
    return body;
  }

  /// What answers it when it is whole.
  Function<ApiRequest, CompletionStage<ApiResponse>> then() {
    return then;
  }

  /// Whether it asks for a WebSocket.
  boolean isUpgrade() {
    return upgrade;
  }
}
