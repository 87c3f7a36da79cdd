package dev.pushgate.core.cluster;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/// A number above zero for each of many channels, found by key at the price of a hash lookup and
/// in the order of names without a walk over all: the names lie in a sorted index, which only a
/// change from and to zero touches. Thread-safe; the index follows a count within the same call.
public final class ChannelCounts {
  private final Map<ChannelKey, Integer> counts = new ConcurrentHashMap<>();
  private final Map<AppId, ConcurrentNavigableMap<String, ChannelKey>> names =
      new ConcurrentHashMap<>();

  /// The channel's number; 0 when there is none.
  public int get(ChannelKey key) {
    Integer found = counts.get(key);
    return found == null ? 0 : found;
  }

  /// Gives the channel another number; 0 or less forgets it.
  public void set(ChannelKey key, int count) {
    change(key, _ -> count);
  }

  /// Adds to the channel's number, in one step; what comes to 0 or less is forgotten.
  public void add(ChannelKey key, int difference) {
    if (difference != 0) {
      change(key, count -> count + difference);
    }
  }

  private void change(ChannelKey key, IntUnaryOperator change) {
    counts.compute(
        key,
        (_, before) -> {
          int after = change.applyAsInt(before == null ? 0 : before);
          if ((after > 0) == (before == null)) {
            index(key, after > 0); // in here, so that no two threads do it the other way round
          }
          return after > 0 ? (Integer) after : null;
        });
  }

  private void index(ChannelKey key, boolean counted) {
    NavigableMap<String, ChannelKey> ofApp =
        names.computeIfAbsent(key.app(), _ -> new ConcurrentSkipListMap<>());
    if (counted) {
      ofApp.put(key.name().value(), key);
    } else {
      ofApp.remove(key.name().value());
    }
  }

  /// How many channels have a number.
  public int size() {
    return counts.size();
  }

  /// The channels that have a number, as they are while they are walked over.
  public Iterable<ChannelKey> keys() {
    return Collections.unmodifiableSet(counts.keySet());
  }

  /// The channels of an app whose names are `from` or behind it, by name and in order, as they are
  /// while they are walked over.
  Map<String, ChannelKey> namesFrom(AppId app, String from) {
    ConcurrentNavigableMap<String, ChannelKey> ofApp = names.get(app);
    return ofApp == null ? Map.of() : Collections.unmodifiableMap(ofApp.tailMap(from, true));
  }

  /// Adds channels of an app whose names begin with `prefix`, by name and in order, as they are
  /// while they are walked over.
  ///
  /// @param limit how many at the most
  /// @param count what to say of each; those with 0 are left out
  public void collect(
      AppId app,
      String prefix,
      int limit,
      ToIntFunction<ChannelKey> count,
      Map<String, Integer> into) {
    int left = limit;
    for (Map.Entry<String, ChannelKey> entry : namesFrom(app, prefix).entrySet()) {
      if (left == 0 || !entry.getKey().startsWith(prefix)) {
        return;
      }
      int found = count.applyAsInt(entry.getValue());
      if (found > 0) {
        into.put(entry.getKey(), found);
        left--;
      }
    }
  }
}
