package dev.pushgate.core.channel;

import java.time.Duration;

/// The limits of one shard's homes. Immutable.
///
/// @param logMessages how many messages a channel's recent log keeps
/// @param logBytes how many bytes of them, as [dev.pushgate.core.publication.Publication#weight]
///     counts
/// @param logAge how long it keeps one; also how long a channel without members is remembered
/// @param shardLogBytes how many bytes all recent logs of the shard keep together
/// @param idleChannels how many channels without members the shard remembers
/// @param idempotencyTtl how long the answer to an idempotency key is remembered
/// @param idempotencyBytes how many bytes the shard spends on remembered answers
/// @param waiting how many joins, and how many publishes, wait at a home for the store
/// @param waitingBytes how many bytes of publishes the shard holds that wait for the store or are
///     on their way into it
/// @param uncommitted how many publishes of one channel may be on their way into the store
/// @param mailboxBytes how many bytes of publications may wait at a shard before homes hold them
///     back
/// @param turnFrames how many publications a shard handles before it writes and lets I/O go on
/// @param turnBytes how many bytes of them
public record HomeLimits(
    int logMessages,
    long logBytes,
    Duration logAge,
    long shardLogBytes,
    int idleChannels,
    Duration idempotencyTtl,
    long idempotencyBytes,
    int waiting,
    long waitingBytes,
    int uncommitted,
    long mailboxBytes,
    int turnFrames,
    int turnBytes) {}
