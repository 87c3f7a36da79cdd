package dev.pushgate.core.channel;

import java.time.Duration;

/// The limits of one shard and its homes. Immutable.
public record HomeLimits(Log log, Idempotency idempotency, Waiting waiting, Turn turn) {

  /// What is kept for resume and rewind.
  ///
  /// @param messages how many messages a channel's recent log keeps
  /// @param bytes how many bytes of them, as [dev.pushgate.core.publication.Publication#weight]
  ///     counts
  /// @param age how long it keeps one
  /// @param idle how long a channel without members is remembered
  /// @param shardBytes how many bytes of the heap all recent logs of the shard take together
  /// @param idleChannels how many channels without members the shard remembers
  public record Log(
      int messages, long bytes, Duration age, Duration idle, long shardBytes, int idleChannels) {}

  /// @param ttl how long the answer to an idempotency key is remembered
  public record Idempotency(Duration ttl) {}

  /// What waits inside.
  ///
  /// @param requests how many joins, and how many publishes, wait at a home for the store; also how
  ///     many joins wait there for a shard that is behind
  /// @param bytes how many bytes of publishes the shard holds that wait for the store or are on
  ///     their way into it
  /// @param uncommitted how many publishes of one channel may be on their way into the store
  /// @param mailboxBytes how many bytes of publications may wait at a shard before homes hold them
  ///     back; twice as many of publishes, before these are refused
  /// @param answer within what time a publish to a declared channel is answered
  public record Waiting(
      int requests, long bytes, int uncommitted, long mailboxBytes, Duration answer) {}

  /// What a shard does before it writes and lets I/O go on.
  ///
  /// @param messages how many messages of its mailbox it handles
  /// @param bytes how many bytes of publications, in what it delivers and replays
  public record Turn(int messages, int bytes) {}
}
