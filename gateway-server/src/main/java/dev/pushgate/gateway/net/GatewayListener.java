package dev.pushgate.gateway.net;

import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// One listening port. An accepted socket goes to the next loop in turn and stays there.
/// Thread-safe; its methods are called in the order they stand in, and not from an event loop.
public final class GatewayListener implements AutoCloseable {
  /// How many connections may wait to be accepted; the system may have a lower limit of its own.
  /// After a restart all clients come back within a second.
  private static final int BACKLOG = 4096;

  /// How many may be accepted before others are closed for them.
  private static final int NEWCOMERS = 256;

  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  private final GatewayLoops loops;
  private final HttpPipeline pipeline;
  private volatile @Nullable Channel serverSocket;

  public GatewayListener(GatewayLoops loops, HttpPipeline pipeline) {
    this.loops = loops;
    this.pipeline = pipeline;
  }

  /// Begins to accept connections.
  ///
  /// @param port 0 for any that is free
  /// @return the address that is listened on
  /// @throws CannotListenException with one clear sentence
  public InetSocketAddress listen(String host, int port) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.acceptor(), loops.group())
            .channel(loops.transport().serverSockets())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .handler(new AcceptLimit(NEWCOMERS))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new Connections())
            .bind(host, port)
            .awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      throw CannotListenException.of(host, port, cause);
    }
    // Behind Netty's own handler, which stops accepting for a second.
    bound.channel().pipeline().addLast(new AcceptFailures());
    serverSocket = bound.channel();
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /// What happens when a connection cannot be accepted, for tests: the system's own reasons are
  /// hard to come by.
  void failToAccept(Throwable cause) {
    Channel socket = serverSocket;
    if (socket != null) {
      socket.pipeline().fireExceptionCaught(cause);
    }
  }

  /// Frees the port. Connections that are open go on.
  public void stopAccepting() {
    Channel socket = serverSocket;
    if (socket != null) {
      socket.close().awaitUninterruptibly();
    }
  }

  /// Answers the requests that are in flight, each with `Connection: close`, and closes idle
  /// connections. WebSockets are not touched.
  ///
  /// @param limit when connections are closed that are still open
  /// @return completes when no HTTP connection is left
  public CompletionStage<Void> drainRequests(Duration limit) {
    return pipeline.drain(limit);
  }

  /// Closes the port and all HTTP connections, at once.
  @Override
  public void close() {
    stopAccepting();
    pipeline.closeAll();
  }

  private final class Connections extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel socket) {
      pipeline.addTo(socket);
    }
  }

  /// What goes wrong while connections are accepted: that file descriptors have run out, mostly.
  private final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private final RateLimitedLog log =
        new RateLimitedLog(
            LoggerFactory.getLogger(GatewayListener.class), LOG_INTERVAL, System::nanoTime);

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      log.warn(
          "A connection could not be accepted ("
              + cause.getMessage()
              + "); idle ones are closed, and it is tried again each second");
      pipeline.makeRoom();
    }
  }
}
