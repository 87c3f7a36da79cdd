package dev.pushgate.gateway.session;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.SessionId;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.HttpDate;
import dev.pushgate.gateway.net.HttpObserver;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.WebSocketUpgrade;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.websocket.Handshake;
import dev.pushgate.gateway.net.websocket.HttpRefusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Lets clients in: checks the handshake, who they are, where their page comes from and whether
/// there is room. Thread-safe.
///
/// A browser cannot see why an upgrade was refused, and PushFlo's client fails for good when its
/// first one is. So who may not come in is upgraded, told why and closed; only what no such client
/// sends gets an HTTP answer, and an address that has failed too often.
public final class WebSocketGate implements WebSocketUpgrade {
  /// About what an upgrade that waits takes beside the texts that its client chose.
  private static final int OBJECTS = 512;

  private final GatewayLoops loops;
  private final NodeSessions sessions;
  private final SessionServices services;
  private final Places places;
  private final HttpObserver observer;
  private final HttpDate date;
  private final AtomicLong lastSessionId = new AtomicLong();

  /// @param observer is told of refusals by HTTP
  public WebSocketGate(
      GatewayLoops loops,
      NodeSessions sessions,
      SessionServices services,
      Places places,
      HttpObserver observer) {
    this.loops = loops;
    this.sessions = sessions;
    this.services = services;
    this.places = places;
    this.observer = observer;
    this.date = new HttpDate(services.clock());
  }

  @Override
  public Pending pending(
      Channel socket, HttpRequest request, String remoteAddress, String requestId) {
    return new Arrival(
        this,
        socket,
        Handshake.of(request),
        Credential.in(request),
        request.headers().get(HttpHeaderNames.ORIGIN),
        remoteAddress,
        requestId,
        sessions.of(loops.of(socket)));
  }

  private void upgrade(Arrival arrival) {
    if (!arrival.socket.isActive()) {
      return;
    }
    HttpRefusal refusal =
        arrival.sessions.isDraining() ? HttpRefusal.DRAINING : arrival.handshake.refusal();
    if (refusal != null) {
      refuse(arrival, refusal);
      return;
    }
    String remoteAddress = arrival.remoteAddress;
    switch (services
        .authentication()
        .authenticator()
        .authenticate(arrival.credential, remoteAddress)) {
      case Outcome.Refused<Principal> refused -> {
        if (services.authentication().guard().failed(remoteAddress)) {
          turnAway(arrival, CloseReason.UNAUTHORIZED, refused);
        } else {
          refuse(arrival, HttpRefusal.TOO_MANY_FAILURES);
        }
      }
      case Outcome.Done<Principal>(Principal principal) -> admit(arrival, principal);
    }
  }

  /// One connection at the gate.
  ///
  /// @param origin of the page that opened it; null when it says none
  record Arrival(
      WebSocketGate gate,
      Channel socket,
      Handshake handshake,
      String credential,
      @Nullable String origin,
      String remoteAddress,
      String requestId,
      Sessions sessions)
      implements Pending {

    @Override
    public int heldBytes() {
      return OBJECTS + credential.length() + (origin == null ? 0 : origin.length());
    }

    @Override
    public void inTurn(Runnable task) {
      sessions.turns().add(task);
    }

    @Override
    public void cancel(Runnable task) {
      sessions.turns().remove(task);
    }

    @Override
    public void upgrade() {
      gate.upgrade(this);
    }

    private byte[] switchingProtocols() {
      return handshake.switchingProtocols(requestId, gate.date.now());
    }
  }

  private void admit(Arrival arrival, Principal principal) {
    if (!allowsOrigin(principal, arrival.origin)) {
      turnAway(
          arrival,
          CloseReason.FORBIDDEN,
          new Outcome.Refused<>(Refusal.FORBIDDEN, "This page's origin may not use this app"));
      return;
    }
    Outcome.Refused<?> full =
        places.enter(
            SessionIdentity.holder(principal, arrival.remoteAddress),
            principal,
            arrival.remoteAddress);
    if (full == null) {
      open(arrival, principal);
    } else {
      turnAway(arrival, CloseReason.OVER_CONNECTION_LIMIT, full);
    }
  }

  /// Other clients than browsers send no origin, and could send any.
  private boolean allowsOrigin(Principal principal, @Nullable String origin) {
    App app = services.keys().app(principal.app()).orElse(null);
    return origin == null || (app != null && app.allowsOrigin(origin));
  }

  private void open(Arrival arrival, Principal principal) {
    SessionIdentity identity =
        new SessionIdentity(
            new SessionId(lastSessionId.incrementAndGet()),
            principal,
            clientId(principal),
            arrival.remoteAddress,
            arrival.requestId);
    Session session = arrival.sessions.open(identity, arrival.socket);
    SessionHandler handler = new SessionHandler(session);
    session.outbox().write(arrival.switchingProtocols());
    long now = services.clock().millis();
    String connectionId = services.connectionId(identity.id());
    session.tell(new ServerEvent.Connected(identity.clientId(), connectionId, now));
    takeOver(arrival.socket, handler);
    // What a client has sent that is gone may be unread yet: the socket closes when it has been.
    arrival.socket.config().setAutoClose(false);
  }

  private void refuse(Arrival arrival, HttpRefusal refusal) {
    observer.refused(refusal.statusCode());
    TurnedAway handler = new TurnedAway(arrival);
    handler.withHttp(refusal.bytes(arrival.requestId, date.now()));
    takeOver(arrival.socket, handler);
  }

  private void turnAway(Arrival arrival, CloseReason reason, Outcome.Refused<?> refused) {
    byte[] error = services.protocol().encode(new ServerEvent.Error(refused, null, null));
    arrival.sessions.observer().turnedAway(reason);
    Sessions.log.debug(
        "Request {} from {} gets no session: {} {}",
        arrival.requestId,
        arrival.remoteAddress,
        reason.code(),
        refused.sentence());
    TurnedAway handler = new TurnedAway(arrival);
    handler.withWebSocket(arrival.switchingProtocols(), error, reason);
    takeOver(arrival.socket, handler);
  }

  /// Our handler first, so that bytes which came behind the request reach it; and reading is on
  /// before they do, for it may be held back at once.
  private void takeOver(Channel socket, ChannelHandler handler) {
    socket.pipeline().addLast(handler);
    Inbox.readOn(socket);
    HttpPipeline.detach(socket);
    socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  private static String clientId(Principal principal) {
    String given = principal.clientId();
    return given != null
        ? given
        : "client_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
  }
}
