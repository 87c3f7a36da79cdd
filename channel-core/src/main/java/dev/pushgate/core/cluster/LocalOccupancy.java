package dev.pushgate.core.cluster;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// How many subscribers channels have on this node; for a node that stands alone that is all there
/// are. Thread-safe: homes write it on their shards, anybody reads.
public final class LocalOccupancy implements Occupancy {
  private final ChannelCounts counts = new ChannelCounts();
  private volatile Consumer<ChannelKey> onChange = _ -> {};

  /// Takes note of a channel's subscribers on this node. Called by the channel's home at every
  /// change, so it costs a hash lookup and, from and to zero, a place in the index.
  public void set(ChannelKey key, int subscribers) {
    counts.set(key, subscribers);
    onChange.accept(key);
  }

  /// Names the one that hears of every change, behind it; what has a count already is told at once.
  /// The listener is called by homes: it is quick, thread-safe and does not throw.
  public void onChange(Consumer<ChannelKey> listener) {
    onChange = listener;
    counts.keys().forEach(listener);
  }

  /// The counts themselves, for whoever adds those of other nodes.
  public ChannelCounts counts() {
    return counts;
  }

  @Override
  public int onNode(ChannelKey key) {
    return counts.get(key);
  }

  @Override
  public int inCluster(ChannelKey key) {
    return onNode(key);
  }

  @Override
  public SortedMap<String, Integer> occupied(AppId app, String prefix, int limit) {
    SortedMap<String, Integer> found = new TreeMap<>();
    counts.collect(app, prefix, limit, counts::get, found);
    return found;
  }
}
