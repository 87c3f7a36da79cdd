package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.gateway.net.loop.DeadlineWheel;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.Lingering;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions of one shard. Confined to its loop, but for what says otherwise.
public final class Sessions {
  static final Logger log = LoggerFactory.getLogger(Session.class);

  private static final Outcome.Refused<?> DISCONNECTED =
      new Outcome.Refused<>(Refusal.FORBIDDEN, "Disconnected by the operator");

  private final GatewayLoop loop;
  private final Shard shard;
  private final SessionServices services;
  private final SessionObserver observer;
  private final Places places;
  private final InboundMemory inbound;
  private final CommandTurns turns;
  private final ReplayBudget replays;
  private final List<Session> open = new ArrayList<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final RateLimitedLog faults;
  private int sockets;
  private boolean isDraining;

  /// @param places of the whole node
  /// @param inbound what clients of the whole node may have sent that is not carried out yet
  public Sessions(
      GatewayLoop loop,
      Shard shard,
      SessionServices services,
      SessionObserver observer,
      Places places,
      InboundMemory inbound) {
    this.loop = loop;
    this.shard = shard;
    this.services = services;
    this.observer = observer;
    this.places = places;
    this.inbound = inbound;
    this.turns = new CommandTurns(shard.loop(), services.nanoTime());
    SessionLimits.Sending sending = services.limits().sending();
    this.replays =
        new ReplayBudget(
            shard.outbound(),
            loop.deadlines()::register,
            services.nanoTime(),
            sending.replayOfLoop(),
            sending.parts());
    this.faults = new RateLimitedLog(log, services.nanoTime());
  }

  Shard shard() {
    return shard;
  }

  SessionServices services() {
    return services;
  }

  SessionObserver observer() {
    return observer;
  }

  InboundMemory inbound() {
    return inbound;
  }

  CommandTurns turns() {
    return turns;
  }

  ReplayBudget replays() {
    return replays;
  }

  DeadlineWheel deadlines() {
    return loop.deadlines();
  }

  Lingering lingering() {
    return loop.lingering();
  }

  /// Something was thrown that nobody expected: a bug, which a client may be able to repeat.
  /// Thread-safe.
  void fault(Session session, String sentence, Throwable cause) {
    SessionIdentity identity = session.identity();
    faults.warn(
        "%s: session %s, opened by request %s"
            .formatted(sentence, identity.id(), identity.requestId()),
        cause);
  }

  boolean isDraining() {
    return isDraining;
  }

  /// Opens a session, which has to be let in by [Places#enter] before.
  Session open(SessionIdentity identity, Channel socket) {
    shard.assertInside();
    Session session = new Session(identity, socket, this);
    session.slot = open.size();
    open.add(session);
    sockets++;
    observer.opened();
    log.debug(
        "Session {} of app {} from {} opened by request {}",
        identity.id(),
        identity.principal().app(),
        identity.remoteAddress(),
        identity.requestId());
    return session;
  }

  /// Makes room for the token that a session is to go on with. As [Places#renew].
  Outcome.@Nullable Refused<?> renew(Session session, Principal renewed) {
    SessionIdentity identity = session.identity();
    return places.renew(
        session.received().holder(), identity.principal(), renewed, identity.tokenRoomBytes());
  }

  /// A session has ended; its socket may need a moment longer. The last session takes the place of
  /// the one that goes.
  void ended(Session session, CloseReason reason) {
    Session last = open.removeLast();
    if (session.slot < open.size()) {
      open.set(session.slot, last);
      last.slot = session.slot;
    }
    session.slot = -1;
    places.leave(
        session.received().holder(),
        session.identity().principal(),
        session.identity().remoteAddress());
    observer.closed(reason);
    log.debug(
        "Session {} of app {} from {}, opened by request {}, closed: {} {}",
        session.identity().id(),
        session.identity().principal().app(),
        session.identity().remoteAddress(),
        session.identity().requestId(),
        reason.code(),
        reason.sentence());
  }

  /// The socket of a session is gone.
  void gone() {
    sockets--;
    completeWhenDrained();
  }

  /// Closes those whose key or token has ended. Thread-safe; done soon.
  public void closeEnded() {
    onLoop(
        () ->
            List.copyOf(open).stream()
                .filter(session -> !services.keys().isLive(session.identity().principal()))
                .forEach(Session::credentialsEnded));
  }

  /// The clock was set: each session looks again at what is to happen at a time of day.
  /// Thread-safe; done soon.
  void clockWasSet() {
    onLoop(() -> open.forEach(Session::clockWasSet));
  }

  /// Closes those that are meant: they need not come back. Thread-safe; done soon.
  void disconnect(Audience audience) {
    each(audience, session -> session.close(CloseReason.FORBIDDEN, DISCONNECTED));
  }

  /// Takes those that are meant out of a channel, or out of all when it is null. Thread-safe; done
  /// soon.
  void unsubscribe(Audience audience, @Nullable ChannelKey key) {
    each(audience, session -> session.unsubscribe(key));
  }

  private void each(Audience audience, Consumer<Session> action) {
    if (audience.canBeOn(services.nodeId())) {
      onLoop(
          () ->
              List.copyOf(open).stream()
                  .filter(session -> audience.has(session.identity(), services))
                  .forEach(action));
    }
  }

  /// Lets nobody in any more and closes all, in random order and evenly spread over this time, so
  /// that they do not all come back in the same second. Completes when their sockets are closed.
  /// Thread-safe.
  public CompletionStage<Void> drain(Duration spread) {
    onLoop(
        () -> {
          isDraining = true;
          new Drain(open, loop.eventLoop(), services.nanoTime(), spread).begin();
          completeWhenDrained();
        });
    return drained;
  }

  private void completeWhenDrained() {
    if (isDraining && sockets == 0) {
      drained.complete(null);
    }
  }

  /// Runs `task` on the loop, behind everything handed over before. Thread-safe.
  void hop(Runnable task) {
    loop.eventLoop().execute(task);
  }

  /// Runs `task` on the loop: at once when the caller is on it. Thread-safe.
  private void onLoop(Runnable task) {
    EventLoop eventLoop = loop.eventLoop();
    if (eventLoop.inEventLoop()) {
      task.run();
    } else {
      eventLoop.execute(task);
    }
  }
}
