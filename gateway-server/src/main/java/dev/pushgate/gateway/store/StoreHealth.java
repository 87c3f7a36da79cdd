package dev.pushgate.gateway.store;

import org.jspecify.annotations.Nullable;

/// How the store is, as last seen: for readiness and metrics. Immutable.
///
/// @param reachable whether the database did what a message needs when it was last asked
/// @param trouble what is wrong at present in the database's own words, also where it is of some
///     statements only; null when nothing is
/// @param owned whether this node may append
/// @param queuedJobs what waits to be written
/// @param queuedBytes and how many bytes that is
/// @param connectionsInUse of the pool
/// @param connectionsIdle of the pool
/// @param connectionsMax of the pool
/// @param connectionWaiters threads that wait for a connection of the pool
public record StoreHealth(
    boolean reachable,
    @Nullable String trouble,
    boolean owned,
    int queuedJobs,
    long queuedBytes,
    int connectionsInUse,
    int connectionsIdle,
    int connectionsMax,
    int connectionWaiters) {}
