package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.websocket.ClientFrame;
import dev.pushgate.gateway.net.websocket.ServerFrames;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Makes commands of a client's frames, as many as it may send. Confined to its session.
final class IncomingFrames implements Consumer<ClientFrame> {
  private static final Outcome.Refused<?> TOO_FAST =
      new Outcome.Refused<>(
          Refusal.RATE_LIMITED, "Too many frames: slow down, or the connection is closed");

  private final Session session;
  private final ClientProtocol protocol;
  private final SessionObserver observer;
  private final LongSupplier nanoTime;
  private final FrameRate rate;
  private final Outcome.Refused<?> tooLarge;

  IncomingFrames(Session session, SessionServices services, SessionObserver observer) {
    this.session = session;
    this.protocol = services.protocol();
    this.observer = observer;
    this.nanoTime = services.nanoTime();
    SessionLimits.Inbound limits = services.limits().inbound();
    this.tooLarge =
        new Outcome.Refused<>(
            Refusal.PAYLOAD_TOO_LARGE, "A frame must be at most " + limits.frameBytes() + " bytes");
    this.rate = new FrameRate(limits.framesPerSecond(), limits.frameBurst(), nanoTime.getAsLong());
  }

  @Override
  public void accept(ClientFrame frame) {
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
}
