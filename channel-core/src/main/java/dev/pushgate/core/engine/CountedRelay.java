package dev.pushgate.core.engine;

import dev.pushgate.core.channel.WaitingLimit;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Relay;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Counts publishes from their beginning until they are answered, on their publishers' accounts:
/// wherever they wait meanwhile, none of them takes all the room that there is. Thread-safe.
final class CountedRelay implements Relay {
  private final Relay relay;
  private final MemoryShare waiting;
  private final int copies;

  /// @param copies in how many copies a message lies in memory while it waits
  CountedRelay(Relay relay, MemoryShare waiting, int copies) {
    this.relay = relay;
    this.waiting = waiting;
    this.copies = copies;
  }

  @Override
  public CompletionStage<Outcome<Published>> publish(PublishRequest request) {
    MemoryHolder holder = request.holder();
    long bytes = (long) copies * request.weight();
    if (!waiting.take(holder, bytes)) {
      boolean isFull = waiting.usedBytes() + bytes > waiting.limitBytes();
      return CompletableFuture.completedFuture(
          (isFull ? WaitingLimit.FULL : WaitingLimit.YOURS).as());
    }
    return relay.publish(request).whenComplete((_, _) -> waiting.giveBack(holder, bytes));
  }
}
