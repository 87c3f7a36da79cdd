package dev.pushgate.core.cluster;

/// One node as the others see it. Immutable.
///
/// @param id opaque, another at each start
/// @param startedAtMs in milliseconds since 1970
/// @param connections how many WebSocket sessions it has
/// @param canaryAgeMs how long ago the newest of its messages to itself that came back was sent; 0
///     without a relay
public record NodeInfo(
    String id, String version, long startedAtMs, int connections, long canaryAgeMs) {}
