package dev.pushgate.core.engine;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.shard.Shards;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps memory and the store of one mind about the settings of declared channels. A change whose
/// outcome nobody knows is settled by reading, again and again until the store answers: or a
/// channel that was made private would stay open to all until the next start.
///
/// On a node that stands alone a channel's home says whether the channel is declared, and only
/// settings are read here. In a cluster any node may have changed it: there the store's word is
/// taken whole. What is asked of the store about one channel is answered in the order of asking,
/// so the last answer is the newest. Thread-safe.
final class SettingsSync {
  private static final Duration FIRST_READ = Duration.ofMillis(50);
  private static final DoublingPause READS = new DoublingPause(FIRST_READ, Duration.ofSeconds(1));

  private final ChannelDirectory directory;
  private final ChannelCatalog catalog;
  private final Shards shards;

  /// Null on a node that stands alone.
  private final @Nullable Found told;

  /// Hears what a reading found. Must not block.
  interface Found {
    /// A channel is declared.
    void declared(ChannelKey key);

    /// A channel is not declared, or no more.
    ///
    /// @param wasDeclared whether memory had it as declared until now
    void gone(ChannelKey key, boolean wasDeclared);
  }

  /// Channels whose next reading has not begun.
  private final Set<ChannelKey> unread = ConcurrentHashMap.newKeySet();

  private SettingsSync(
      ChannelDirectory directory, ChannelCatalog catalog, Shards shards, @Nullable Found told) {
    this.directory = directory;
    this.catalog = catalog;
    this.shards = shards;
    this.told = told;
  }

  static SettingsSync ofNodeAlone(
      ChannelDirectory directory, ChannelCatalog catalog, Shards shards) {
    return new SettingsSync(directory, catalog, shards, null);
  }

  static SettingsSync ofCluster(
      ChannelDirectory directory, ChannelCatalog catalog, Shards shards, Found told) {
    return new SettingsSync(directory, catalog, shards, told);
  }

  /// The store changed a channel's settings, and these are they.
  void took(DeclaredChannel stored) {
    took(stored, FIRST_READ);
  }

  /// @param pause until the next reading, if memory does not know of the channel yet
  private void took(DeclaredChannel stored, Duration pause) {
    if (told != null) {
      directory.set(stored.key(), stored);
    }
    if (directory.update(stored)) {
      shards.revisit(stored.key());
    } else {
      readLater(stored.key(), pause);
    }
  }

  /// The channel is declared no more: it was deleted, or turned out to be gone.
  void lost(ChannelKey key) {
    directory.set(key, null);
    shards.revisit(key);
  }

  /// Has a channel read again.
  void readAgain(ChannelKey key) {
    readLater(key, FIRST_READ);
  }

  /// Has a channel read at once that another node changed.
  void readNow(ChannelKey key) {
    if (unread.add(key)) {
      shards.loopOf(key).runLater(() -> read(key, FIRST_READ), Duration.ZERO);
    }
  }

  /// Reads all channels and has those read again that memory has otherwise. Fails as the store's
  /// ports do.
  CompletionStage<Void> compare() {
    Set<ChannelKey> rest = new HashSet<>(directory.keys());
    return catalog
        .forEach(
            stored -> {
              rest.remove(stored.key());
              if (!directory.find(stored.key()).equals(Optional.of(stored))) {
                readAgain(stored.key());
              }
            })
        .thenRun(() -> rest.forEach(this::readAgain));
  }

  /// A change of a channel's settings failed.
  void failed(ChannelKey key, Throwable failure) {
    if (!StoreUnavailableException.surelyDidNothing(failure)) {
      readLater(key, FIRST_READ);
    }
  }

  private void readLater(ChannelKey key, Duration pause) {
    if (unread.add(key)) {
      shards.loopOf(key).runLater(() -> read(key, pause), pause);
    }
  }

  /// Reads by a change that changes nothing: it takes its turn behind the one in doubt, which a
  /// plain reading might overtake.
  private void read(ChannelKey key, Duration pause) {
    unread.remove(key); // before it is read: a doubt that comes up from here on wants another one
    var unused =
        catalog
            .update(key, found -> found)
            .whenComplete(
                (found, failure) -> {
                  if (failure != null) {
                    readLater(key, READS.after(pause));
                  } else if (found.isPresent()) {
                    isDeclared(found.get().channel(), READS.after(pause));
                  } else {
                    isGone(key);
                  }
                });
  }

  private void isDeclared(DeclaredChannel channel, Duration pause) {
    took(channel, pause);
    if (told != null) {
      told.declared(channel.key());
    }
  }

  /// Memory may not have known yet that the channel was private. What this misses, the next
  /// comparison with the store finds.
  private void readName(ChannelKey key) {
    var unused =
        catalog
            .privateName(key)
            .thenAccept(
                found -> found.ifPresent(age -> directory.privateNames().addAll(Map.of(key, age))));
  }

  private void isGone(ChannelKey key) {
    if (told != null) {
      boolean wasDeclared = directory.find(key).isPresent();
      lost(key);
      told.gone(key, wasDeclared);
      readName(key);
    }
  }
}
