package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/// Takes over connections that ask for a WebSocket. Called on the connection's event loop.
public interface WebSocketUpgrade {
  /// `request` is a GET of /ws with `Upgrade: websocket`. The HTTP handlers have stopped reading
  /// and will do nothing more with this socket: the callee answers 101 (or an HTTP refusal) itself,
  /// removes the HTTP handlers from the pipeline with [HttpPipeline#detach], and adds its one
  /// handler.
  void upgrade(Channel socket, HttpRequest request, String remoteAddress, String requestId);
}
