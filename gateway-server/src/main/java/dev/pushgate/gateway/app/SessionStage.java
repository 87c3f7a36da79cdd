package dev.pushgate.gateway.app;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.gateway.config.ClientFrameLimit;
import dev.pushgate.gateway.config.Limits;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.HttpObserver;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.protocol.pushflo.PushFloProtocol;
import dev.pushgate.gateway.protocol.pushflo.PushFloWireFormat;
import dev.pushgate.gateway.session.Authentication;
import dev.pushgate.gateway.session.InboundMemory;
import dev.pushgate.gateway.session.NodeSessions;
import dev.pushgate.gateway.session.Places;
import dev.pushgate.gateway.session.SessionCounters;
import dev.pushgate.gateway.session.SessionLimits;
import dev.pushgate.gateway.session.SessionServices;
import dev.pushgate.gateway.session.Sessions;
import dev.pushgate.gateway.session.WebSocketGate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The fourth stage: WebSocket clients can be let in. Immutable.
record SessionStage(NodeSessions sessions, List<SessionCounters> counters, WebSocketGate gate) {
  private static final int PUBLISHES_IN_FLIGHT = 16;

  /// How long a client has to answer a close frame, and to take what was queued before it.
  private static final DoublingPause REPLAY_TURNS =
      new DoublingPause(Duration.ofMillis(500), Duration.ofSeconds(30));
  private static final Duration LINGER = Duration.ofSeconds(2);

  /// How long what a client asked for before its goodbye may take: longer than the database and the
  /// relay need to say no.
  private static final Duration LEAVING = Duration.ofSeconds(10);

  static SessionStage start(
      Settings settings,
      String nodeId,
      AuthStage auth,
      EngineStage engine,
      MemoryBudget memory,
      HttpObserver observer,
      Clock clock) {
    Limits limits = settings.limits();
    SessionServices services =
        new SessionServices(
            nodeId,
            engine.engine().relay(),
            engine.engine().channels(),
            new Authentication(auth.directory(), auth.authenticator(), auth.guard()),
            new PushFloProtocol(
                new PushFloWireFormat(0),
                limits.messageData().toInt(),
                settings.recentLog().messages()),
            clock,
            System::nanoTime,
            sessionLimits(settings, engine.loops().all().size()));
    Places places = new Places(services.limits().room(), memory.share(MemoryKind.CONNECTIONS));
    InboundMemory inbound = new InboundMemory(memory.share(MemoryKind.INBOUND));
    List<SessionCounters> counters = new ArrayList<>();
    List<Sessions> byLoop = new ArrayList<>();
    for (GatewayLoop loop : engine.loops().all()) {
      SessionCounters counter = new SessionCounters();
      counters.add(counter);
      byLoop.add(
          new Sessions(
              loop,
              engine.engine().shards().get(loop.index()),
              services,
              counter,
              places,
              inbound));
    }
    NodeSessions sessions = new NodeSessions(byLoop);
    auth.directory().onChange(sessions::closeEnded);
    return new SessionStage(
        sessions,
        counters,
        new WebSocketGate(engine.loops(), sessions, services, places, observer));
  }

  /// How many sessions are open, a moment ago.
  int connections() {
    return (int) counters.stream().mapToLong(SessionCounters::openCount).sum();
  }

  private static SessionLimits sessionLimits(Settings settings, int loops) {
    Limits limits = settings.limits();
    return new SessionLimits(
        new SessionLimits.Inbound(
            ClientFrameLimit.of(limits).toInt(),
            limits.clientFramesPerSecond(),
            limits.clientFramesBurst(),
            limits.subscriptions(),
            PUBLISHES_IN_FLIGHT),
        new SessionLimits.Outbound(limits.outbound().toInt(), limits.outboundLowWater().toInt()),
        new SessionLimits.Times(
            limits.pingInterval(),
            limits.idleTime(),
            LINGER,
            REPLAY_TURNS,
            LEAVING,
            limits.clientMessageTime()),
        new SessionLimits.Room(limits.connectionsPerApp(), limits.connectionsPerAddress()),
        new SessionLimits.Sending(
            limits.replayPerSecond().bytes(),
            2 * settings.recentLog().bytes().bytes(),
            Math.ceilDiv(limits.replayOfNode().bytes(), loops),
            new MemoryParts(
                settings.memory().appPart(),
                settings.memory().keyPart(),
                settings.memory().addressPart())));
  }
}
