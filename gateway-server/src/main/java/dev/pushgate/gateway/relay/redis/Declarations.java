package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// What the relay notes of declared channels, so that a node which has not heard of one yet does
/// not publish past its archive. Thread-safe.
///
/// A note that nobody takes back (its channel was deleted before it came) is found by the next
/// publish: the archive says that the channel is not declared, and the note goes.
final class Declarations {
  /// One a second: by then every node has read of the channel in the store.
  private static final int ATTEMPTS = 180;

  private final RelayShards shards;
  private final RelayKeys keys;

  Declarations(RelayShards shards) {
    this.shards = shards;
    this.keys = new RelayKeys(shards.config().prefix());
  }

  /// Notes that a channel is declared. It is tried until it is done, or of no use any more.
  ///
  /// @param id of the declaration: another one of the channel has another
  /// @return completes when it is done, or at the relay's time limit while it is still tried
  CompletionStage<Void> note(ChannelKey key, String id) {
    CompletionStage<Void> done =
        shards.client().untilDone(ATTEMPTS, () -> call(Script.DECLARED, key, id));
    return shards.client().within(shards.config().timeout(), done);
  }

  /// A channel turned out not to be declared, though it was published to as one that is: what the
  /// relay knows of it may be forgotten in time, if it was not declared again.
  ///
  /// @param id of the declaration that is over; empty when it is not known
  CompletionStage<?> forget(ChannelKey key, String id) {
    return call(Script.UNDECLARED, key, id);
  }

  private CompletionStage<Reply> call(Script script, ChannelKey key, String id) {
    return shards
        .of(key)
        .eval(
            script,
            List.of(keys.meta(key)),
            new ScriptArgs().add(id).add(PublishScript.memory(shards.config()).toMillis()));
  }
}
