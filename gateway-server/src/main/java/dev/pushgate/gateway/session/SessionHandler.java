package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.websocket.ClientFrame;
import dev.pushgate.gateway.net.websocket.ServerFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.IOException;
import java.util.function.LongSupplier;

/// The one handler of a session's socket: from bytes to frames to commands. Confined to the
/// socket's loop.
final class SessionHandler extends ChannelInboundHandlerAdapter {
  private static final Outcome.Refused<?> TOO_FAST =
      new Outcome.Refused<>(
          Refusal.RATE_LIMITED, "Too many frames: slow down, or the connection is closed");

  private final Session session;
  private final ClientProtocol protocol;
  private final SessionObserver observer;
  private final LongSupplier nanoTime;
  private final Received received;
  private final FrameRate rate;
  private final Outcome.Refused<?> tooLarge;

  SessionHandler(Session session, SessionServices services, SessionObserver observer) {
    this.session = session;
    this.protocol = services.protocol();
    this.observer = observer;
    this.nanoTime = services.nanoTime();
    SessionLimits.Inbound limits = services.limits().inbound();
    this.received = session.received();
    this.tooLarge =
        new Outcome.Refused<>(
            Refusal.PAYLOAD_TOO_LARGE, "A frame must be at most " + limits.frameBytes() + " bytes");
    this.rate = new FrameRate(limits.framesPerSecond(), limits.frameBurst(), nanoTime.getAsLong());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      session.readingBegins(bytes.readableBytes());
      received.reader().read(bytes, this::frame);
      session.inbox().holdBackIfFull(); // or the next bytes are read behind these
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    session.readingEnds();
    received.readEnds();
  }

  private void frame(ClientFrame frame) {
    if (!session.isOpen()) {
      if (frame instanceof ClientFrame.Close(int code)) {
        session.leaveTaking().clientCloses(code);
      }
      return;
    }
    observer.frameReceived();
    if (isWithinRate()) {
      open(frame);
    }
  }

  private void open(ClientFrame frame) {
    switch (frame) {
      case ClientFrame.Text(byte[] utf8) -> session.receive(protocol.decode(utf8));
      case ClientFrame.Ping(byte[] payload) -> session.send(ServerFrames.pong(payload));
      case ClientFrame.TooLarge() -> session.tell(new ServerEvent.Error(tooLarge, null, null));
      case ClientFrame.Pong(), ClientFrame.Fragment() -> {}
      case ClientFrame.Close(int code) -> session.leaveTaking().clientCloses(code);
      case ClientFrame.Binary() ->
          session.closeByViolation(CloseReason.PROTOCOL_ERROR, "a binary message");
      case ClientFrame.Violation(CloseReason reason, String why) ->
          session.closeByViolation(reason, why);
    }
  }

  private boolean isWithinRate() {
    return switch (rate.count(nanoTime.getAsLong())) {
      case FINE -> true;
      case WARN -> {
        session.tell(new ServerEvent.Error(TOO_FAST, null, null));
        yield true;
      }
      case CLOSE -> {
        session.close(CloseReason.RATE_LIMITED);
        yield false;
      }
    };
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    session.writabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
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
