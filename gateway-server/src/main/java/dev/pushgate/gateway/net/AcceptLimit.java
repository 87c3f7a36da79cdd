package dev.pushgate.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;

/// Stops accepting while too many connections are accepted of which it is not decided yet whether
/// they may stay, or who goes for them: others wait in the system's backlog then. That is decided
/// on the connections' loops, and loops that are busy would else find tens of thousands before they
/// came to close the first. In the pipeline of the listening socket, before what registers the
/// connections; confined to its loop, but for [#decided].
final class AcceptLimit extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Runnable> UNDECIDED =
      AttributeKey.valueOf(AcceptLimit.class, "UNDECIDED");

  private final int most;
  private final AtomicInteger undecided = new AtomicInteger();
  private volatile boolean isPaused;

  /// @param most how many are undecided at the most, but for those of one call of the system
  AcceptLimit(int most) {
    this.most = most;
  }

  /// Whether this connection may stay is decided, and done. On any thread, and more than once.
  static void decided(Channel accepted) {
    Runnable counted = accepted.attr(UNDECIDED).getAndSet(null);
    if (counted != null) {
      counted.run();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Channel listening = ctx.channel();
    Channel accepted = (Channel) message;
    undecided.incrementAndGet();
    accepted.attr(UNDECIDED).set(() -> oneLess(listening));
    accepted.closeFuture().addListener(_ -> decided(accepted));
    ctx.fireChannelRead(message);
    if (undecided.get() >= most) {
      isPaused = true;
      listening.config().setAutoRead(false);
      goOn(listening); // one may have been decided before it could know
    }
  }

  private void oneLess(Channel listening) {
    undecided.decrementAndGet();
    if (isPaused && listening.isActive()) {
      listening.eventLoop().execute(() -> goOn(listening));
    }
  }

  private void goOn(Channel listening) {
    if (isPaused && undecided.get() < most) {
      isPaused = false;
      listening.config().setAutoRead(true);
    }
  }
}
