package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.websocket.ServerFrames;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

/// The handler of a connection that got no session: it is told why, and whatever it still sends is
/// passed over until it has gone, or for a while. Confined to the socket's loop.
final class TurnedAway extends ChannelInboundHandlerAdapter implements Outbox.Owner {
  private final Outbox outbox;
  private final Farewell farewell;
  private final Deadline deadline;

  TurnedAway(WebSocketGate.Arrival arrival) {
    Sessions sessions = arrival.sessions();
    SessionLimits limits = sessions.services().limits();
    this.outbox =
        new Outbox(
            arrival.socket(),
            limits.outbound(),
            sessions.shard().outbound(),
            sessions.observer(),
            MemoryHolder.NODE,
            this);
    this.farewell = new Farewell(arrival.socket(), outbox);
    this.deadline = sessions.deadlines().register(farewell::abandon, limits.times().linger());
    farewell.neverAnswered();
    sessions.lingering().add(arrival.socket());
  }

  /// Upgrades the connection first, for a browser's page sees frames and nothing else.
  void withWebSocket(byte[] switchingProtocols, byte[] error, CloseReason reason) {
    outbox.write(switchingProtocols);
    outbox.write(error);
    farewell.say(ServerFrames.close(reason));
  }

  void withHttp(byte[] answer) {
    farewell.say(answer);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      outbox.inputEnded();
      farewell.answered();
    }
  }

  @Override
  public void tooSlow() {
    farewell.abandon();
  }

  @Override
  public void fallsBehind() {}

  @Override
  public void cut() {}

  @Override
  public void hasRoom() {}

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.cancel();
    outbox.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    farewell.abandon();
  }
}
