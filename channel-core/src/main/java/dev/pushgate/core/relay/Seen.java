package dev.pushgate.core.relay;

import dev.pushgate.core.name.StreamPosition;

/// The newest place of a stream that a home has put before its members. Immutable.
///
/// @param id the id of the publication there; empty when that is not known, or there is none
public record Seen(StreamPosition position, String id) {}
