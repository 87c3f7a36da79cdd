package dev.pushgate.gateway.session;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.relay.Relay;
import java.time.Clock;
import java.util.function.LongSupplier;

/// What all sessions of a node draw on. Thread-safe.
///
/// @param nanoTime as [System#nanoTime]
public record SessionServices(
    Relay relay,
    Channels channels,
    KeyDirectory keys,
    ClientProtocol protocol,
    Clock clock,
    LongSupplier nanoTime,
    SessionLimits limits) {}
