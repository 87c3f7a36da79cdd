package dev.pushgate.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.IOException;

/// The one handler of a session's socket. Confined to the socket's loop.
final class SessionHandler extends ChannelInboundHandlerAdapter {
  private final Session session;

  SessionHandler(Session session) {
    this.session = session;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      session.heard(bytes);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    session.readEnds();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    session.writabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      session.outbox().inputEnded();
      session.leaveTaking().inputEnds();
    } else if (event instanceof ChannelOutputShutdownEvent) {
      // The client is gone; what it has sent may still be there to be read, its goodbye perhaps.
      session.inbox().resumeLater();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session.socketClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      var unused = ctx.close();
    } else {
      session.fail(cause);
    }
  }
}
