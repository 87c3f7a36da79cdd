package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.SessionSubscriptions;
import dev.pushgate.gateway.net.websocket.ClientFrame;
import dev.pushgate.gateway.net.websocket.ServerFrames;
import org.jspecify.annotations.Nullable;

/// An end that waits until all that the client asked for before it has been carried out and
/// answered; not for ever: what is still undone then is told. Confined to its session.
final class LeaveTaking {
  private static final Outcome.Refused<?> NOT_DONE =
      new Outcome.Refused<>(
          Refusal.SERVER_ERROR, "Not carried out: the connection ended before its turn came");

  private final Session session;
  private final Inbox inbox;
  private final SessionSubscriptions subscriptions;
  private final Farewell farewell;
  private final Liveness liveness;
  private @Nullable CloseReason reason;
  private byte[] goodbye = {};

  LeaveTaking(
      Session session,
      Inbox inbox,
      SessionSubscriptions subscriptions,
      Farewell farewell,
      Liveness liveness) {
    this.session = session;
    this.inbox = inbox;
    this.subscriptions = subscriptions;
    this.farewell = farewell;
    this.liveness = liveness;
  }

  /// The client said goodbye first, with this code.
  void clientCloses(int code) {
    farewell.answered();
    begin(CloseReason.NORMAL, ServerFrames.closeEcho(code));
  }

  /// The client sends nothing more; it may still read.
  void inputEnds() {
    farewell.answered();
    begin(CloseReason.CONNECTION_LOST, ServerFrames.closeEcho(ClientFrame.Close.NO_CODE));
  }

  /// The node goes away.
  void nodeDrains() {
    begin(CloseReason.DRAINING, ServerFrames.close(CloseReason.DRAINING));
  }

  /// What the client sends from now on is passed over.
  ///
  /// @param frame the close frame that is sent when all is done
  private void begin(CloseReason why, byte[] frame) {
    session.received().readToEnd();
    session.received().readEnds();
    if (reason == null && session.isOpen()) {
      reason = why;
      goodbye = frame;
      liveness.leaving();
      endWhenDone();
    }
  }

  boolean hasBegun() {
    return reason != null;
  }

  /// Something was answered: perhaps it was the last.
  void endWhenDone() {
    if (reason != null && session.isOpen() && inbox.isDone() && !subscriptions.isJoining()) {
      session.end(reason, goodbye);
    }
  }

  /// It has taken too long. What waits is refused; what is under way nobody knows the end of, and
  /// the code says so: it is not the client's own.
  void giveUp() {
    for (ClientCommand command : inbox.takeAll()) {
      session.tell(new ServerEvent.Error(NOT_DONE, command.membership(), command.ref()));
    }
    CloseReason why = reason == CloseReason.DRAINING ? reason : CloseReason.UNFINISHED;
    session.end(why, ServerFrames.close(why));
  }
}
