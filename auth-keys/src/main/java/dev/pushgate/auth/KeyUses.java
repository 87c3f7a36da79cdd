package dev.pushgate.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When keys were last used, as this process saw it; to the minute, because it is asked on every
/// request. Thread-safe; noting a use takes no lock but once a minute for a key.
final class KeyUses {
  private static final long PRECISION_MS = Duration.ofMinutes(1).toMillis();

  private final Clock clock;
  // Times in milliseconds since 1970, by key id. Both are bounded by the number of keys.
  private final ConcurrentHashMap<String, Long> latest = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Long> unwritten = new ConcurrentHashMap<>();

  KeyUses(Clock clock) {
    this.clock = clock;
  }

  void note(ApiKey key) {
    long now = clock.millis();
    Long last = latest.get(key.id());
    if (last == null || now - last >= PRECISION_MS) {
      latest.put(key.id(), now);
      unwritten.put(key.id(), now);
    }
  }

  /// What was noted since the last call.
  Map<String, Instant> drain() {
    Map<String, Instant> drained = new HashMap<>();
    for (String id : unwritten.keySet()) {
      Long at = unwritten.remove(id);
      if (at != null) {
        drained.put(id, Instant.ofEpochMilli(at));
      }
    }
    return drained;
  }

  /// The key with its last use as of now, whichever process saw it.
  ApiKey withLastUse(ApiKey key) {
    Long seen = latest.get(key.id());
    Instant here = seen == null ? null : Instant.ofEpochMilli(seen);
    return isLater(here, key.lastUsedAt()) ? key.withLastUsedAt(here) : key;
  }

  private static boolean isLater(@Nullable Instant here, @Nullable Instant stored) {
    return here != null && (stored == null || here.isAfter(stored));
  }
}
