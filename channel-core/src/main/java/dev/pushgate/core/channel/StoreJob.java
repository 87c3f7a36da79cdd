package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.DeclaredChannel;

/// What may wait at a home for the store. Immutable.
sealed interface StoreJob {
  record Publish(PublishRequest request, Answer<Published> answer) implements StoreJob {}

  /// Asks where the stream stands, before that was read from the store.
  record Ask(Answer<StreamPosition> answer) implements StoreJob {}

  /// What makes a channel a declared one, or one no longer.
  sealed interface Change extends StoreJob {
    /// The same for somebody who has been answered already.
    default Change withoutAnswer() {
      return switch (this) {
        case Declare(DeclaredChannel channel, _) -> new Declare(channel, _ -> {});
        case Delete _ -> new Delete(_ -> {});
      };
    }
  }

  record Declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) implements Change {}

  record Delete(Answer<ChannelKey> answer) implements Change {}

  /// Its share of the shard's [StoreBacklog].
  default int weight() {
    return this instanceof Publish publish ? publish.request().weight() : 0;
  }

  /// On whose account that is.
  default MemoryHolder holder() {
    return this instanceof Publish publish ? publish.request().holder() : MemoryHolder.NODE;
  }

  default void refuse(Outcome.Refused<?> refused) {
    switch (this) {
      case Publish(_, Answer<Published> answer) -> answer.give(refused.as());
      case Ask(Answer<StreamPosition> answer) -> answer.give(refused.as());
      case Declare(_, Answer<DeclaredChannel> answer) -> answer.give(refused.as());
      case Delete(Answer<ChannelKey> answer) -> answer.give(refused.as());
    }
  }
}
