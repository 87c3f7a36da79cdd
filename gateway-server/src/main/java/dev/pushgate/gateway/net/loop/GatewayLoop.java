package dev.pushgate.gateway.net.loop;

import dev.pushgate.core.shard.ShardLoop;
import io.netty.channel.EventLoop;

/// One event loop of the node, and what is kept once for each. Thread-safe, but for the deadlines
/// and the sockets that linger, which are confined to the loop.
///
/// @param index 0 to the number of loops - 1: also the number of the shard that lives here
public record GatewayLoop(
    int index,
    EventLoop eventLoop,
    ShardLoop shardLoop,
    DeadlineWheel deadlines,
    Lingering lingering) {}
