package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/// Takes over connections that ask for a WebSocket. Called on the connection's event loop.
public interface WebSocketUpgrade {
  /// What an upgrade needs of `request`, a complete GET of /ws with `Upgrade: websocket`. The
  /// request itself is not kept: an upgrade may have to wait, beside those of thousands.
  ///
  /// @param remoteAddress the client's IP address as text
  Pending pending(Channel socket, HttpRequest request, String remoteAddress, String requestId);

  /// An upgrade that waits for its turn. Confined to the connection's event loop.
  interface Pending {
    /// What it keeps of the request, in bytes.
    int heldBytes();

    /// Runs `task`, which calls [#upgrade], when the loop has time for newcomers: now, or soon.
    /// Thousands that come at once must not keep those waiting who are there.
    default void inTurn(Runnable task) {
      task.run();
    }

    /// `task` waits no more: the connection has ended before its turn.
    default void cancel(Runnable task) {}

    /// The HTTP handlers have stopped reading and will do nothing more with this socket: the callee
    /// answers 101 (or an HTTP refusal) itself, removes the HTTP handlers from the pipeline with
    /// [HttpPipeline#detach], and adds its one handler. Of a client that has closed its sending
    /// half already, that handler is told behind this call, as it would be later: by a
    /// [io.netty.channel.socket.ChannelInputShutdownEvent].
    void upgrade();
  }
}
