package dev.pushgate.gateway.net;

import java.time.Duration;

/// How much and how long an HTTP connection may. Immutable.
///
/// @param maxBodyBytes the largest body of a request
/// @param maxBodiesBytes what the bodies of all requests that are read or worked on may take
///     together
/// @param handshakeTime from accepting a connection to the end of its first request's head; also
///     from the first byte of a later request to the end of its head
/// @param requestTime from the end of a request's head to its answer; then again for the client to
///     take it
/// @param idleTime how long a connection is kept after an answer for the next request
public record HttpLimits(
    int maxBodyBytes,
    long maxBodiesBytes,
    Duration handshakeTime,
    Duration requestTime,
    Duration idleTime) {}
