package dev.pushgate.gateway.session;

import dev.pushgate.gateway.net.loop.GatewayLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The sessions of all shards of a node. Thread-safe.
public final class NodeSessions {
  private final List<Sessions> byLoop;

  /// @param byLoop in the order of their loops
  public NodeSessions(List<Sessions> byLoop) {
    this.byLoop = List.copyOf(byLoop);
  }

  /// Those of the shard that lives on this loop.
  Sessions of(GatewayLoop loop) {
    return byLoop.get(loop.index());
  }

  /// Closes all whose key or token has ended: to be called when keys have changed.
  public void closeEnded() {
    byLoop.forEach(Sessions::closeEnded);
  }

  /// Closes all, spread over this time. Completes when their sockets are closed.
  public CompletionStage<Void> drain(Duration spread) {
    return CompletableFuture.allOf(
        byLoop.stream()
            .map(sessions -> sessions.drain(spread).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }
}
