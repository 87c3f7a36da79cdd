package dev.pushgate.core.channel;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Names of private channels that were deleted. Who wrote to one may not know yet, so its name
/// stays private for as long as somebody may hold what was made for it: tokens, and messages of the
/// recent log. Or until it is declared again. Thread-safe; bounded by whoever asks [#isFull] before
/// a deletion.
public final class PrivateNames {
  /// How many names of an app are kept; some 2 MB.
  private static final int MAX_OF_APP = 10_000;

  private final Clock clock;
  private final long keptMs;

  /// By app: when each name's channel was deleted, in milliseconds since 1970.
  private final Map<AppId, Map<ChannelKey, Long>> names = new ConcurrentHashMap<>();

  /// @param kept how long a name stays private
  public PrivateNames(Duration kept, Clock clock) {
    this.keptMs = kept.toMillis();
    this.clock = clock;
  }

  /// Notes names as the store has them.
  ///
  /// @param deleted when each name's channel was deleted, in milliseconds since 1970
  public void addAll(Map<ChannelKey, Long> deleted) {
    deleted.forEach(this::add);
  }

  private void add(ChannelKey key, long deletedAtMs) {
    names
        .computeIfAbsent(key.app(), _ -> new ConcurrentHashMap<>())
        .merge(key, deletedAtMs, Math::max);
  }

  void add(ChannelKey key) {
    add(key, clock.millis());
  }

  /// The name was declared again: what it is now is said there.
  void remove(ChannelKey key) {
    Map<ChannelKey, Long> ofApp = names.get(key.app());
    if (ofApp != null) {
      ofApp.remove(key);
    }
  }

  boolean has(ChannelKey key) {
    Map<ChannelKey, Long> ofApp = names.get(key.app());
    Long deletedAtMs = ofApp == null ? null : ofApp.get(key);
    return deletedAtMs != null && deletedAtMs > keptSince();
  }

  /// Whether as many names of an app are kept as there may be: then no private channel of it is to
  /// be deleted for now.
  boolean isFull(AppId app) {
    Map<ChannelKey, Long> ofApp = names.get(app);
    return ofApp != null && ofApp.size() >= MAX_OF_APP;
  }

  /// The time before which names were deleted that are kept no longer, in milliseconds since 1970.
  public long keptSince() {
    return clock.millis() - keptMs;
  }

  /// Forgets those that are kept no longer.
  public void expire() {
    long since = keptSince();
    names.values().forEach(ofApp -> ofApp.values().removeIf(deletedAtMs -> deletedAtMs <= since));
  }
}
