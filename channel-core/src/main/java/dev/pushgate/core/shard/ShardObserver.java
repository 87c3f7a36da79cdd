package dev.pushgate.core.shard;

/// Is told what a shard did, once for each turn and channel and never for each subscriber.
/// None of it may throw. Thread-safe: all shards share one.
public interface ShardObserver {
  /// A message found its place in a channel's stream.
  void published();

  /// A channel's frames of one turn were written.
  ///
  /// @param frames how many
  /// @param subscribers to how many subscribers each of them
  /// @param bytes what was written to all of them together
  /// @param nanos from when the oldest of the frames got its place in the stream until all were
  ///     written
  void fannedOut(int frames, int subscribers, long bytes, long nanos);

  /// A channel's members on a shard were told of publications that they cannot be given.
  void gap(int subscribers);

  /// A shard had no room for a publication; its home gives it later.
  void heldBack();

  /// A message came through the relay for a channel that nobody here listens to.
  void unheard();

  /// Something was thrown that nobody expected: a bug, or memory that could not be had. The shard
  /// logs it and goes on.
  void fault(Throwable thrown);
}
