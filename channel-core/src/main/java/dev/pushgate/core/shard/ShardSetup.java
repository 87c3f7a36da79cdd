package dev.pushgate.core.shard;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.core.relay.RelayStreams;
import dev.pushgate.core.store.StreamStore;
import io.netty.buffer.ByteBufAllocator;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What all shards of a node are made with. Immutable.
///
/// @param store has the declared channels' streams, where no relay has all of them
/// @param relay has the streams of all channels; null on a node that stands alone
/// @param clock says what time it is; may be set
/// @param steadyMs milliseconds of a clock that is never set: how long something lasts
/// @param random for epochs and message ids; thread-safe, and not to be guessed
/// @param allocator for the buffers that many sockets share
/// @param memory what the node may hold, of all kinds
public record ShardSetup(
    HomeLimits limits,
    Clock clock,
    LongSupplier steadyMs,
    RandomGenerator random,
    StreamStore store,
    @Nullable RelayStreams relay,
    Rosters rosters,
    ChannelDirectory directory,
    LocalOccupancy occupancy,
    ShardObserver observer,
    ByteBufAllocator allocator,
    MemoryBudget memory) {}
