package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The handlers of an HTTP connection. Thread-safe, but for what takes a socket: that is called on
/// the socket's event loop.
public final class HttpPipeline {
  static final String DECODER = "http-decoder";
  static final String ENCODER = "http-encoder";
  static final String CONNECTION = "http-connection";

  /// Of an answer that is written in pieces: little for each client that does not read.
  private static final WriteBufferWaterMark WAITING_TO_BE_SENT =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private final HttpServing serving;
  private final GatewayLoops loops;
  private final ConnectionRoom room;
  private final HeadRoom heads;
  private final ClientOrigin origin;

  /// @param upgrade who takes `/ws`; null where no WebSocket is served
  /// @param guard null where nobody authenticates
  /// @param observer hears of what never reaches the API
  public HttpPipeline(
      HttpApi api,
      @Nullable WebSocketUpgrade upgrade,
      @Nullable AddressGuard guard,
      HttpObserver observer,
      ClientOrigin origin,
      HttpLimits limits,
      GatewayLoops loops,
      Clock clock) {
    this.loops = loops;
    this.origin = origin;
    this.room =
        new ConnectionRoom(
            limits.connections(), limits.memory().share(MemoryKind.CONNECTIONS), loops, observer);
    this.heads = new HeadRoom(limits.memory().share(MemoryKind.HEADS));
    this.serving = new HttpServing(api, upgrade, guard, observer, origin, limits, clock);
  }

  /// From the socket to the API, in this order. The socket is read on demand only (no auto-read).
  void addTo(Channel socket) {
    MemoryHolder holder = origin.holder(socket.remoteAddress());
    HeadRoom.Head head = heads.head(holder, () -> close(socket));
    OneRequestDecoder decoder = new OneRequestDecoder(head);
    GatewayLoop loop = loops.of(socket);
    ReceiveSize.setFor(socket);
    socket.config().setWriteBufferWaterMark(WAITING_TO_BE_SENT);
    int buffered = serving.limits().socketBytes();
    if (buffered > 0) {
      socket.config().setOption(ChannelOption.SO_SNDBUF, buffered);
    }
    socket
        .pipeline()
        .addLast(DECODER, decoder)
        .addLast(ENCODER, new HttpResponseEncoder())
        .addLast(
            CONNECTION,
            new HttpConnection(
                socket,
                decoder,
                head,
                serving,
                loop,
                each -> room.place(each, socket, holder, loop)));
  }

  private static void close(Channel socket) {
    var unused = socket.close();
  }

  /// Removes all HTTP handlers. Bytes that were read behind the request go to the handlers that
  /// stand behind them, during this call: so add those first. Call it on the socket's event loop,
  /// when the answer has been written; reading ([Channel#read] or auto-read) is off unless it was
  /// turned on. From here on a client that closes its sending half has closed the connection, but
  /// where [ChannelOption#ALLOW_HALF_CLOSURE] is turned on again.
  public static void detach(Channel socket) {
    socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    ChannelPipeline pipeline = socket.pipeline();
    // The connection as the last one, for it has the bytes; the decoder is gone.
    for (String name : List.of(ENCODER, CONNECTION)) {
      if (pipeline.get(name) != null) {
        pipeline.remove(name);
      }
    }
  }

  /// How many HTTP connections are open; WebSockets are not counted.
  public int openConnections() {
    return serving.open().count();
  }

  /// How many connections may be open, WebSockets too.
  public int maxConnections() {
    return serving.limits().connections().all();
  }

  /// How many connections are open, WebSockets too.
  public int allConnections() {
    return room.open();
  }

  /// The system had no room for another connection. On any thread.
  void makeRoom() {
    room.makeRoom();
  }

  /// What the bodies of requests take now, in bytes.
  long heldBodyBytes() {
    return serving.bodies().heldBytes();
  }

  CompletionStage<Void> drain(Duration limit) {
    return serving.open().drain(limit);
  }

  void closeAll() {
    serving.open().closeAll();
  }
}
