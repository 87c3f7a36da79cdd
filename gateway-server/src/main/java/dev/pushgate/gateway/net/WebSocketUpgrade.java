package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/// Takes over connections that ask for a WebSocket. Called on the connection's event loop.
public interface WebSocketUpgrade {
  /// `request` is a GET of /ws with `Upgrade: websocket`. The HTTP handlers have stopped reading
  /// and will do nothing more with this socket: the callee answers 101 (or an HTTP refusal) itself,
  /// removes the HTTP handlers from the pipeline with [HttpPipeline#detach], and adds its one
  /// handler. Of a client that has closed its sending half already, that handler is told behind
  /// this call, as it would be later: by a [io.netty.channel.socket.ChannelInputShutdownEvent].
  void upgrade(Channel socket, HttpRequest request, String remoteAddress, String requestId);

  /// Runs `task`, which upgrades this socket, when its loop has time for newcomers: now, or soon.
  /// Thousands that come at once must not keep those waiting who are there.
  default void inTurn(Channel socket, Runnable task) {
    task.run();
  }
}
