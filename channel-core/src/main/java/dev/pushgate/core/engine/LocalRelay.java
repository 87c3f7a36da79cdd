package dev.pushgate.core.engine;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Relay;
import dev.pushgate.core.shard.Shards;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The relay of a node that stands alone: straight to the home. Thread-safe.
final class LocalRelay implements Relay {
  private final Shards shards;

  LocalRelay(Shards shards) {
    this.shards = shards;
  }

  @Override
  public CompletionStage<Outcome<Published>> publish(PublishRequest request) {
    CompletableFuture<Outcome<Published>> answer = new CompletableFuture<>();
    shards.publish(request, answer::complete);
    return answer;
  }
}
