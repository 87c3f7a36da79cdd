package dev.pushgate.gateway.store;

/// How the store is, as last seen: for readiness and metrics. Immutable.
///
/// @param reachable whether the database answered when it was last asked
/// @param owned whether this node may append
/// @param queuedJobs what waits to be written
/// @param queuedBytes and how many bytes that is
/// @param connectionsInUse of the pool
/// @param connectionsIdle of the pool
/// @param connectionsMax of the pool
/// @param connectionWaiters threads that wait for a connection of the pool
public record StoreHealth(
    boolean reachable,
    boolean owned,
    int queuedJobs,
    long queuedBytes,
    int connectionsInUse,
    int connectionsIdle,
    int connectionsMax,
    int connectionWaiters) {}
