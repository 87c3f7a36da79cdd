package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.shard.OutboundMemory;
import dev.pushgate.gateway.testing.NoLeaks;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What waits for a client that has ended its half, on a real socket: only there others than Netty
/// write.
@ExtendWith(NoLeaks.class)
class HalfClosedOutboxTest {
  private static final int FRAME_BYTES = 64 << 10;

  private final CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
  private final OutboundMemory memory =
      new OutboundMemory(
          ByteBufAllocator.DEFAULT, TestLimits.memory(MemoryKind.WRITES, 1 << 20), 1);

  private record Seen(boolean isQueueGone, int writes, long bytes, long drained, long more) {}

  /// Netty gives up its queue first; the writes go a moment later.
  @Test
  void whatWaitsIsSeenAsWritesAndAsBytesAlsoWhenNettyHasNoQueueAnyMore() throws Exception {
    assumeThat(Epoll.isAvailable()).isTrue();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      Channel server = listen(loops);
      InetSocketAddress at = (InetSocketAddress) server.localAddress();
      try (Socket _ = new Socket(at.getAddress(), at.getPort())) {
        SocketChannel socket = accepted.get(5, TimeUnit.SECONDS);
        Seen seen = socket.eventLoop().submit(() -> shutWhileMuchWaits(socket)).get();
        assertThat(seen.isQueueGone).isTrue();
        assertThat(seen.writes).isPositive();
        assertThat(seen.bytes).isGreaterThan((seen.writes - 1L) * FRAME_BYTES);
        assertThat(seen.more).isEqualTo(seen.drained);
        await().until(() -> isEmpty(socket));
      }
      var closed = server.close().sync();
      assertThat(closed.isSuccess()).isTrue();
    } finally {
      var unused = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  private Channel listen(EventLoopGroup loops) throws InterruptedException {
    return new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .childOption(ChannelOption.AUTO_CLOSE, false)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel socket) {
                accepted.complete(socket);
              }
            })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync()
        .channel();
  }

  private Seen shutWhileMuchWaits(SocketChannel socket) {
    Outbox outbox =
        new Outbox(
            socket,
            new SessionLimits.Outbound(1 << 20, 1 << 16),
            memory,
            new SessionCounters(),
            MemoryHolder.NODE,
            new StuckSocket.Quiet());
    outbox.inputEnded();
    ByteBuf frames = ByteBufAllocator.DEFAULT.directBuffer(FRAME_BYTES, FRAME_BYTES);
    frames.writeZero(FRAME_BYTES);
    while (outbox.sharedWrites() < 10) {
      outbox.writeShared(frames.retainedDuplicate());
      outbox.flush();
    }
    frames.release();
    long drained = outbox.drainedBytes();
    var unused = socket.shutdownOutput();
    socket.closeFuture().addListener(_ -> outbox.closed());
    return new Seen(
        socket.unsafe().outboundBuffer() == null,
        outbox.sharedWrites(),
        outbox.pendingBytes(),
        drained,
        outbox.drainedBytes());
  }

  /// The next attempt to send finds the socket shut, and closes it.
  private boolean isEmpty(SocketChannel socket) throws Exception {
    return socket.eventLoop().submit(() -> !socket.isOpen() && memory.usedOnHeap() == 0).get();
  }
}
