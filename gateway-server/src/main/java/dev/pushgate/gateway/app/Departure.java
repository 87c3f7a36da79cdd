package dev.pushgate.gateway.app;

import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.session.NodeSessions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a node leaves its clients: it says that it is not ready any more, lets nobody in, answers
/// what it was asked, and closes the sessions one after the other.
final class Departure {
  private static final Logger log = LoggerFactory.getLogger(Departure.class);

  /// What the steps behind this one may take of the limit.
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Settings.Shutdown times;
  private final NodeState state;
  private final GatewayListener listener;
  private final NodeSessions sessions;

  Departure(Settings settings, NodeState state, HttpStage clients, SessionStage sessions) {
    this.times = settings.shutdown();
    this.state = state;
    this.listener = clients.listener();
    this.sessions = sessions.sessions();
  }

  /// Blocks until all are gone or the limit is near.
  void leaveInOrder() throws InterruptedException, ExecutionException {
    log.info(
        "Stopping: the sessions are closed over {} ms, and all is to end within {} ms",
        times.drain().toMillis(),
        times.limit().toMillis());
    state.leave();
    listener.stopAccepting();
    Duration limit = limit();
    CompletableFuture<Void> requests = listener.drainRequests(limit).toCompletableFuture();
    CompletableFuture<Void> clients = sessions.drain(times.drain()).toCompletableFuture();
    try {
      CompletableFuture.allOf(requests, clients).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn(
          "Some clients were still connected after {} ms; their sockets are closed",
          limit.toMillis());
    }
  }

  private Duration limit() {
    Duration rest = times.limit().minus(RESERVE);
    return rest.compareTo(times.drain()) > 0 ? rest : times.limit();
  }
}
