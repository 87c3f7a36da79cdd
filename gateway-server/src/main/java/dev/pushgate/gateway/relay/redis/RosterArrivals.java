package dev.pushgate.gateway.relay.redis;

/// What [RedisStreams] hears of rosters, for channels that it follows: homes take a stream's
/// confirmation for one of its roster. Thread-safe; no method blocks or throws.
interface RosterArrivals {
  void changed(Envelope.Roster change);
}
