package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/// Stops accepting while a listener has more connections than it may keep, and some beyond these:
/// they wait in the system's backlog then. Which connections go is decided on their loops, and
/// loops that are busy would else find tens of thousands before they come to close the first. In
/// the pipeline of the listening socket, before what registers the connections; confined to its
/// loop.
final class AcceptLimit extends ChannelInboundHandlerAdapter {
  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean isPaused;

  /// @param most how many connections are open at the most, but for those of one call of the system
  AcceptLimit(int most) {
    this.most = most;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object accepted) {
    Channel listening = ctx.channel();
    open.incrementAndGet();
    ((Channel) accepted).closeFuture().addListener(_ -> closed(listening));
    ctx.fireChannelRead(accepted);
    if (open.get() >= most) {
      isPaused = true;
      listening.config().setAutoRead(false);
      goOn(listening); // one may have been closed before it could know
    }
  }

  /// On any thread.
  private void closed(Channel listening) {
    open.decrementAndGet();
    if (isPaused && listening.isActive()) {
      listening.eventLoop().execute(() -> goOn(listening));
    }
  }

  private void goOn(Channel listening) {
    if (isPaused && open.get() < most) {
      isPaused = false;
      listening.config().setAutoRead(true);
    }
  }
}
