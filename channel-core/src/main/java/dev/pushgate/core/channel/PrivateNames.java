package dev.pushgate.core.channel;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Names of private channels that were deleted. Who wrote to one may not know yet, so its name
/// stays private for as long as somebody may hold what was made for it: tokens, and messages of the
/// recent log. Or until it is declared again. Goes by the time that passes and not by the wall
/// clock, whose jump would make them all public. Thread-safe; bounded by whoever asks [#isFull]
/// before a deletion.
public final class PrivateNames {
  /// How many names of an app are kept; some 2 MB.
  private static final int MAX_OF_APP = 10_000;

  private final Duration kept;
  private final LongSupplier nanoTime;

  /// By app: until when each name is kept, as [#nanoTime] says it.
  private final Map<AppId, Map<ChannelKey, Long>> names = new ConcurrentHashMap<>();

  /// @param kept how long a name stays private
  /// @param nanoTime as [System#nanoTime]
  public PrivateNames(Duration kept, LongSupplier nanoTime) {
    this.kept = kept;
    this.nanoTime = nanoTime;
  }

  /// How long a name stays private.
  public Duration kept() {
    return kept;
  }

  /// Notes names as the store has them.
  ///
  /// @param ages how long ago each name's channel was deleted
  public void addAll(Map<ChannelKey, Duration> ages) {
    ages.forEach(this::add);
  }

  private void add(ChannelKey key, Duration age) {
    names
        .computeIfAbsent(key.app(), _ -> new ConcurrentHashMap<>())
        .merge(key, nanoTime.getAsLong() + kept.minus(age).toNanos(), PrivateNames::later);
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  void add(ChannelKey key) {
    add(key, Duration.ZERO);
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
    Long until = ofApp == null ? null : ofApp.get(key);
    return until != null && until - nanoTime.getAsLong() > 0;
  }

  /// Whether as many names of an app are kept as there may be: then no private channel of it is to
  /// be deleted for now.
  boolean isFull(AppId app) {
    Map<ChannelKey, Long> ofApp = names.get(app);
    return ofApp != null && ofApp.size() >= MAX_OF_APP;
  }

  /// Forgets those that are kept no longer.
  public void expire() {
    long now = nanoTime.getAsLong();
    names.values().forEach(ofApp -> ofApp.values().removeIf(until -> until - now <= 0));
  }
}
