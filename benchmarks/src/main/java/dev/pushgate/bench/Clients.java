package dev.pushgate.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The load generator's loops and connections. Thread-safe.
final class Clients implements AutoCloseable {
  private static final int READ_BYTES = 64 * 1024;

  private final MultiThreadIoEventLoopGroup group;
  private final Class<? extends SocketChannel> sockets;
  private final Duration patience;

  Clients(int threads, Duration patience) {
    boolean hasEpoll = Epoll.isAvailable();
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, hasEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    this.sockets = hasEpoll ? EpollSocketChannel.class : NioSocketChannel.class;
    this.patience = patience;
  }

  List<EventLoop> loops() {
    List<EventLoop> loops = new ArrayList<>();
    for (EventExecutor executor : group) {
      loops.add((EventLoop) executor);
    }
    return loops;
  }

  /// Connects on this loop; blocks until it is connected.
  Channel connect(EventLoop loop, InetSocketAddress address, ChannelHandler handler) {
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(sockets)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .handler(handler)
            .connect(address);
    if (!connecting.awaitUninterruptibly(patience.toMillis())) {
      throw new BenchFailedException("cannot connect to " + address + " in time");
    }
    if (!connecting.isSuccess()) {
      throw new BenchFailedException(
          "cannot connect to " + address + ": " + connecting.cause().getMessage());
    }
    return connecting.channel();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
