package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;

/// What [RedisStreams] hears of rosters, for channels that it follows. Thread-safe; no method
/// blocks or throws.
interface RosterArrivals {
  void changed(Envelope.Roster change);

  /// Changes may have been missed; from now on they arrive.
  void confirmed(ChannelKey key);
}
