package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All declared channels, in memory: whether a channel is private or archived must not wait for a
/// database. A few hundred bytes each. A node that stands alone owns the database, so nothing
/// changes behind its back; those of a cluster tell each other what to read again. Thread-safe.
public final class ChannelDirectory {
  private final Map<ChannelKey, DeclaredChannel> channels = new ConcurrentHashMap<>();

  /// All of these, and no other.
  public static ChannelDirectory of(Collection<DeclaredChannel> declared) {
    ChannelDirectory directory = new ChannelDirectory();
    declared.forEach(channel -> directory.set(channel.key(), channel));
    return directory;
  }

  public Optional<DeclaredChannel> find(ChannelKey key) {
    return Optional.ofNullable(channels.get(key));
  }

  public boolean isDeclared(ChannelKey key) {
    return channels.containsKey(key);
  }

  /// Notes a channel's settings, or with null that it is declared no more. What is known to be
  /// newer stays.
  public void set(ChannelKey key, @Nullable DeclaredChannel channel) {
    if (channel == null) {
      channels.remove(key);
    } else {
      channels.merge(key, channel, (known, found) -> isOlder(found, known) ? known : found);
    }
  }

  /// Notes changed settings, unless newer ones are known. False when memory knows no such channel
  /// or another one of this name: it was declared or deleted just now, and its home has yet to say
  /// so.
  public boolean update(DeclaredChannel changed) {
    DeclaredChannel kept =
        channels.computeIfPresent(
            changed.key(), (_, known) -> isOlder(known, changed) ? changed : known);
    return kept != null && kept.id().equals(changed.id());
  }

  /// Channels of one name are told apart by their ids: a late change of a deleted one says nothing
  /// about the one that was declared after it.
  private static boolean isOlder(DeclaredChannel known, DeclaredChannel changed) {
    return known.id().equals(changed.id()) && known.updatedAtMs() < changed.updatedAtMs();
  }

  /// The channels there are, as of some moment during the walk over them.
  public Set<ChannelKey> keys() {
    return Collections.unmodifiableSet(channels.keySet());
  }

  public int size() {
    return channels.size();
  }
}
