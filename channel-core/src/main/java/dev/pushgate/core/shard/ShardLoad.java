package dev.pushgate.core.shard;

/// What a shard holds, at most a second ago. Immutable.
///
/// @param homes channels whose stream this shard puts in order
/// @param channels channels with subscribers on this shard
/// @param subscriptions sessions in channels on this shard
/// @param logBytes what its recent logs hold
/// @param idempotencyBytes what it spends on remembered answers
/// @param waitingBytes publishes that it holds because of the store
public record ShardLoad(
    int homes,
    int channels,
    int subscriptions,
    long logBytes,
    long idempotencyBytes,
    long waitingBytes) {
  static final ShardLoad NONE = new ShardLoad(0, 0, 0, 0, 0, 0);
}
