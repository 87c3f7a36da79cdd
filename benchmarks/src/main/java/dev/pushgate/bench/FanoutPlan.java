package dev.pushgate.bench;

import java.time.Duration;

/// What load to make. Immutable.
///
/// @param publishers connections that publish, each its next message when the one before is
///     answered
/// @param rate publications a second over all publishers; 0 for as many as are answered
/// @param size of one message's data, in bytes, as near as its numbers let it be
/// @param warmup how long to load before measuring
/// @param duration how long to measure
/// @param patience how long to wait for anything that ought to come
/// @param threads event loops of the load generator
public record FanoutPlan(
    int subscribers,
    int publishers,
    int rate,
    int size,
    Duration warmup,
    Duration duration,
    Duration patience,
    int threads) {}
