package dev.pushgate.gateway.net;

/// A request that was let in, while its body comes and until it is answered. Known by its identity:
/// the answer to an exchange that has ended is dropped. Confined to the connection's event loop.
final class Exchange {
  private final RequestHead head;
  private final RequestBody body;
  private final boolean upgrade;

  Exchange(RequestHead head, RequestBody body, boolean upgrade) {
    this.head = head;
    this.body = body;
    this.upgrade = upgrade;
  }

  RequestHead head() {
    return head;
  }

  RequestBody body() {
    return body;
  }

  /// Whether it asks for a WebSocket.
  boolean isUpgrade() {
    return upgrade;
  }
}
