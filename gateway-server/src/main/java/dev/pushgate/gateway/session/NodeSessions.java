package dev.pushgate.gateway.session;

import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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

  /// Looks at the ends of all tokens and keys again, and at when to warn of them: to be called when
  /// the clock was set, for deadlines are waited for by one that never is. Done soon.
  public void clockWasSet() {
    byLoop.forEach(Sessions::clockWasSet);
  }

  /// Closes the sessions of `target` with 4003. Done soon.
  public void disconnect(AppId app, Target target) {
    Audience audience = new Audience(app, target);
    byLoop.forEach(sessions -> sessions.disconnect(audience));
  }

  /// Takes the sessions of `target` out of a channel and tells them `unsubscribed`. Done soon.
  ///
  /// @param key which; null for all of the app
  public void unsubscribe(AppId app, Target target, @Nullable ChannelKey key) {
    Audience audience = new Audience(app, target);
    byLoop.forEach(sessions -> sessions.unsubscribe(audience, key));
  }

  /// Closes all, spread over this time. Completes when their sockets are closed.
  public CompletionStage<Void> drain(Duration spread) {
    return CompletableFuture.allOf(
        byLoop.stream()
            .map(sessions -> sessions.drain(spread).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }
}
