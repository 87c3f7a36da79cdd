package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.SessionSubscriptions;
import dev.pushgate.gateway.net.websocket.ServerFrames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// One live client connection: what it is a member of, what waits for it, and its end. Confined to
/// its shard.
final class Session implements Outbox.Owner {
  private static final Outcome.Refused<?> ENDED =
      new Outcome.Refused<>(Refusal.INVALID_TOKEN, "The key or token has expired or was revoked");

  private final Sessions home;
  private final ClientProtocol protocol;
  private final SessionSubscriptions subscriptions;
  private final Outbox outbox;
  private final Inbox inbox;
  private final Received received;
  private final Attending attending;
  private final Commands commands;
  private final Liveness liveness;
  private final LeaveTaking leaveTaking;
  private final Farewell farewell;

  /// Where this session stands among those of its shard.
  int slot = -1;

  private SessionIdentity identity;
  private boolean isOpen = true;

  /// Whether what is sent waits for a flush that comes soon.
  private boolean answersWait;

  /// Whether the socket is gone: from then on there is nobody to answer.
  private boolean isAlone;

  private CloseReason lostAs = CloseReason.CONNECTION_LOST;

  Session(SessionIdentity identity, Channel socket, Sessions home) {
    this.identity = identity;
    this.home = home;
    SessionServices services = home.services();
    SessionLimits.Inbound limits = services.limits().inbound();
    this.protocol = services.protocol();
    ChannelRights rights = new ChannelRights(this, services);
    MemoryHolder holder = identity.holder();
    this.outbox =
        new Outbox(
            socket,
            services.limits().outbound(),
            home.shard().outbound(),
            home.observer(),
            holder,
            this);
    this.subscriptions =
        new SessionSubscriptions(
            home.shard(),
            new SessionSubscriber(this, protocol, rights, outbox),
            limits.subscriptions());
    this.inbox = new Inbox(this, socket, outbox, home);
    this.received = new Received(this, inbox, holder, home);
    this.attending = new Attending(this, rights, subscriptions, inbox);
    Renewal renewal = new Renewal(this, subscriptions, attending, services.authentication());
    this.commands = new Commands(this, rights, subscriptions, inbox, attending, renewal, home);
    this.liveness = new Liveness(this, services, home.deadlines());
    this.farewell = new Farewell(socket, outbox);
    this.leaveTaking = new LeaveTaking(this, inbox, subscriptions, farewell, liveness);
  }

  /// Who the client is, as of its newest token.
  SessionIdentity identity() {
    return identity;
  }

  /// The client goes on with another token, of the same app and user. Null when it does; otherwise
  /// why not, and the old one stays in force.
  Outcome.@Nullable Refused<?> renew(Principal.TokenBearer bearer) {
    Outcome.Refused<?> full = home.renew(this, bearer);
    if (full == null) {
      identity = identity.with(bearer);
      liveness.renewed(bearer);
    }
    return full;
  }

  /// What is to happen at a time of day is looked at again, soon.
  void clockWasSet() {
    liveness.lookAgain();
  }

  boolean isOpen() {
    return isOpen;
  }

  Outbox outbox() {
    return outbox;
  }

  Received received() {
    return received;
  }

  Inbox inbox() {
    return inbox;
  }

  Attending attending() {
    return attending;
  }

  /// A command came in; it is carried out now or when its turn comes.
  void receive(ClientCommand command) {
    if (!leaveTaking.hasBegun()) {
      inbox.accept(command);
    }
  }

  /// Carries out a command whose turn has come.
  void run(ClientCommand command) {
    if (isOpen) {
      commands.run(command);
    }
  }

  /// Takes back a command that waits for its replay, as if it had never been carried out. False
  /// when it has been answered.
  boolean takeBack(ClientCommand command) {
    return commands.takeBack(command);
  }

  /// An operator takes the session out of a channel, or out of all when it is null.
  void unsubscribe(@Nullable ChannelKey key) {
    commands.unsubscribe(key);
  }

  void tell(ServerEvent event) {
    if (event instanceof ServerEvent.Error error) {
      home.observer().refused(error.refused().refusal());
    }
    if (isOpen) {
      SessionLog.told(identity, event);
    }
    send(protocol.encode(event));
  }

  void ping() {
    send(ServerFrames.ping());
  }

  /// Queues a frame; while commands are being carried out, the flush waits for their end.
  void send(byte[] frame) {
    if (isOpen && !isAlone) {
      outbox.write(frame);
      queued();
    }
  }

  /// What is queued beside the fan-outs is held against the same limit. Not at once: whoever calls
  /// may be walking over subscribers, or carry out a command.
  void queued() {
    if (!answersWait) {
      outbox.flush();
      if (outbox.isOverLimit()) {
        home.hop(this::closeIfSlow);
      }
    }
  }

  private void closeIfSlow() {
    if (isOpen && outbox.isOverLimit()) {
      close(CloseReason.SLOW_CONSUMER);
    }
  }

  /// The client has sent something. `bytes` remain the caller's.
  void heard(ByteBuf bytes) {
    answersWait = true;
    home.observer().received(bytes.readableBytes());
    liveness.heard(home.services().nanoTime().getAsLong());
    received.read(bytes);
    inbox.holdBackIfFull(); // or the next bytes are read behind these
  }

  /// All that there was for now has been heard.
  void readEnds() {
    sendAnswers();
    received.readEnds();
  }

  /// Runs what carries out commands; the answers go out together.
  void carryOut(Runnable work) {
    answersWait = true;
    try {
      work.run();
    } finally {
      sendAnswers();
    }
  }

  private void sendAnswers() {
    answersWait = false;
    outbox.flush();
    closeIfSlow();
    inbox.holdBackIfFull();
  }

  /// The client is read from again: only now can its silence mean something.
  void readAgain() {
    liveness.heard(home.services().nanoTime().getAsLong());
  }

  /// There may be room in the outbox again. Netty says so in the middle of a write, perhaps in the
  /// middle of a fan-out.
  void writabilityChanged() {
    if (outbox.isLow()) {
      inbox.resumeLater();
    }
  }

  boolean isHeldBack() {
    return inbox.isHeldBack();
  }

  /// The one way in which a session ends. Does nothing when it has ended.
  void close(CloseReason reason) {
    close(reason, null);
  }

  /// The same, after telling the client more than a close frame can.
  void close(CloseReason reason, Outcome.@Nullable Refused<?> told) {
    if (!isOpen) {
      return;
    }
    if (told != null) {
      tell(new ServerEvent.Error(told, null, null));
    }
    end(reason, ServerFrames.close(reason));
  }

  LeaveTaking leaveTaking() {
    return leaveTaking;
  }

  @Override
  public void tooSlow() {
    home.hop(() -> close(CloseReason.SLOW_CONSUMER));
  }

  @Override
  public void fallsBehind() {
    liveness.fallsBehind();
  }

  @Override
  public void cut() {
    lostAs = CloseReason.SLOW_CONSUMER;
  }

  @Override
  public void hasRoom() {
    inbox.resumeLater();
  }

  /// The client's bytes make no sense any more, so that its goodbye could not be told from the
  /// rest.
  void closeByViolation(CloseReason reason, String why) {
    farewell.neverAnswered();
    Sessions.log.debug(
        "Session {}, opened by request {}: {}", identity.id(), identity.requestId(), why);
    close(reason);
  }

  /// Something was thrown that nobody expected. The client comes back and resumes.
  void fail(Throwable cause) {
    home.fault(this, "Closed because of a failure", cause);
    close(CloseReason.INTERNAL_ERROR);
  }

  void credentialsEnded() {
    close(CloseReason.CREDENTIALS_ENDED, ENDED);
  }

  /// The socket is gone, whoever closed it. What was published before a goodbye is still carried
  /// out: who says goodbye need not wait for the answers.
  void socketClosed() {
    received.readToEnd(); // its goodbye may be there
    isAlone = true;
    outbox.closed();
    if (!isOpen) {
      gone();
    } else if (leaveTaking.hasBegun() && lostAs != CloseReason.SLOW_CONSUMER) {
      subscriptions.close();
      inbox.goOnAlone();
    } else {
      end(lostAs, null);
    }
  }

  private void gone() {
    liveness.cancel();
    home.gone();
  }

  /// Nobody waits any longer for this one's goodbye.
  void abandon() {
    farewell.abandon();
  }

  /// Ends it now; whatever waits is dropped.
  void end(CloseReason reason, byte @Nullable [] goodbye) {
    if (isOpen) {
      isOpen = false;
      inbox.close();
      received.drop();
      subscriptions.close();
      home.ended(this, reason);
      if (isAlone) {
        gone();
      } else if (goodbye != null) {
        liveness.closing();
        farewell.say(goodbye);
      }
    }
  }
}
