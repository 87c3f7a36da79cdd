package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.ObjectCosts;
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
/// database. A few hundred bytes each, for they are held [without
/// texts][DeclaredChannel#withoutTexts], on the accounts of their apps. A node that stands alone
/// owns the database, so nothing changes behind its back; those of a cluster tell each other what
/// to read again. Thread-safe.
public final class ChannelDirectory {
  private final Map<ChannelKey, DeclaredChannel> channels = new ConcurrentHashMap<>();
  private final MemoryShare memory;
  private final PrivateNames privateNames;

  /// Nothing is declared yet.
  ///
  /// @param privateNames of channels that were deleted
  public ChannelDirectory(MemoryShare memory, PrivateNames privateNames) {
    this.memory = memory;
    this.privateNames = privateNames;
  }

  /// All of these, and no other, in memory without bounds: for tests and tools.
  public static ChannelDirectory of(
      Collection<DeclaredChannel> declared, PrivateNames privateNames) {
    ChannelDirectory directory =
        new ChannelDirectory(MemoryBudget.unlimited().share(MemoryKind.CHANNELS), privateNames);
    declared.forEach(channel -> directory.set(channel.key(), channel));
    return directory;
  }

  /// Whether a channel may be declared: not more than half of the memory for channels is for those
  /// that are declared, and the app has its part of it. What was declared elsewhere is taken in any
  /// case.
  public boolean hasRoomFor(ChannelKey key) {
    boolean hasRoom =
        channels.containsKey(key) || (isHalfFree(key) && memory.hasRoomFor(holder(key), cost(key)));
    if (!hasRoom) {
      memory.refused();
    }
    return hasRoom;
  }

  private boolean isHalfFree(ChannelKey key) {
    return (channels.size() + 1L) * cost(key) <= memory.limitBytes() / 2;
  }

  /// Notes a channel that the store has. False when there is no more memory for channels: then it
  /// is not noted.
  public boolean add(DeclaredChannel channel) {
    boolean hasRoom = memory.usedBytes() + cost(channel.key()) <= memory.limitBytes();
    if (hasRoom) {
      set(channel.key(), channel);
    }
    return hasRoom;
  }

  private static MemoryHolder holder(ChannelKey key) {
    return new MemoryHolder(key.app(), null, null);
  }

  private static int cost(ChannelKey key) {
    return ObjectCosts.DECLARED + key.name().value().length();
  }

  /// The channel without its texts.
  public Optional<DeclaredChannel> find(ChannelKey key) {
    return Optional.ofNullable(channels.get(key));
  }

  public boolean isDeclared(ChannelKey key) {
    return channels.containsKey(key);
  }

  /// Whether subscribing needs a grant: the channel is declared private, or it was until it was
  /// deleted of late.
  public boolean isPrivate(ChannelKey key) {
    DeclaredChannel channel = channels.get(key);
    if (channel == null) {
      if (privateNames.has(key)) {
        return true;
      }
      channel = channels.get(key); // declared just now, and its name let go therefore
    }
    return channel != null && channel.isPrivate();
  }

  /// Whether a channel cannot be deleted for now, because too many private ones were of late.
  public boolean mustStay(ChannelKey key) {
    return isPrivate(key) && privateNames.isFull(key.app());
  }

  /// Names of private channels that were deleted.
  public PrivateNames privateNames() {
    return privateNames;
  }

  /// Notes a channel's settings, or with null that it is declared no more: then its name stays
  /// private if it was. What is known to be newer stays. There is no moment in between at which
  /// [#isPrivate] says no of what is private before and after.
  public void set(ChannelKey key, @Nullable DeclaredChannel channel) {
    if (channel == null) {
      channels.computeIfPresent(key, this::gone);
    } else {
      DeclaredChannel found = channel.withoutTexts();
      channels.compute(key, (_, known) -> newer(key, known, found));
      privateNames.remove(key);
    }
  }

  private DeclaredChannel newer(
      ChannelKey key, @Nullable DeclaredChannel known, DeclaredChannel found) {
    if (known == null) {
      memory.force(holder(key), cost(key));
      return found;
    }
    return isOlder(found, known) ? known : found;
  }

  private @Nullable DeclaredChannel gone(ChannelKey key, DeclaredChannel channel) {
    memory.giveBack(holder(key), cost(key));
    if (channel.isPrivate()) {
      privateNames.add(key);
    } else {
      privateNames.remove(key); // what a reading of the store brought late
    }
    return null;
  }

  /// Notes changed settings, unless newer ones are known. False when memory knows no such channel
  /// or another one of this name: it was declared or deleted just now, and its home has yet to say
  /// so.
  public boolean update(DeclaredChannel withTexts) {
    DeclaredChannel changed = withTexts.withoutTexts();
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
