package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/// An upgrade of tests whose turn comes at once.
@FunctionalInterface
interface TakeOver extends WebSocketUpgrade {
  void upgrade(Channel socket, HttpRequest request, String remoteAddress, String requestId);

  @Override
  default Pending pending(
      Channel socket, HttpRequest request, String remoteAddress, String requestId) {
    return new Pending() {
      @Override
      public int heldBytes() {
        return 0;
      }

      @Override
      public void upgrade() {
        TakeOver.this.upgrade(socket, request, remoteAddress, requestId);
      }
    };
  }
}
