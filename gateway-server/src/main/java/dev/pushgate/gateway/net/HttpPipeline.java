package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;

/// The handlers of an HTTP connection. Confined to the connection's event loop.
public final class HttpPipeline {
  static final String CODEC = "http-codec";
  static final String ONE_BY_ONE = "one-message-at-a-time";
  static final String EXCHANGE = "exchange";

  private HttpPipeline() {}

  /// Removes all HTTP handlers. Bytes that were read behind the request go to the handlers that stand behind
  /// them: so add those first. Call it on the socket's event loop, when the answer has been written.
  public static void detach(Channel socket) {
    ChannelPipeline pipeline = socket.pipeline();
    for (String name : new String[] {EXCHANGE, ONE_BY_ONE, CODEC}) {
      if (pipeline.get(name) != null) {
        pipeline.remove(name);
      }
    }
  }
}
