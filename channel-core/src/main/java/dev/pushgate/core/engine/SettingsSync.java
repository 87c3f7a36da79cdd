package dev.pushgate.core.engine;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.shard.ShardLoop;
import dev.pushgate.core.shard.Shards;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps memory and the store of one mind about the settings of declared channels. A change whose
/// outcome nobody knows is settled by reading, again and again until the store answers: or a
/// channel that was made private would stay open to all until the next start. Thread-safe.
final class SettingsSync {
  private static final Duration FIRST_READ = Duration.ofMillis(50);
  private static final DoublingPause READS = new DoublingPause(FIRST_READ, Duration.ofSeconds(1));

  private final ChannelDirectory directory;
  private final ChannelCatalog catalog;
  private final Shards shards;

  /// Channels whose next reading has not begun.
  private final Set<ChannelKey> unread = ConcurrentHashMap.newKeySet();

  SettingsSync(ChannelDirectory directory, ChannelCatalog catalog, Shards shards) {
    this.directory = directory;
    this.catalog = catalog;
    this.shards = shards;
  }

  /// The store changed a channel's settings, and these are they.
  void took(DeclaredChannel stored) {
    took(stored, FIRST_READ);
  }

  /// @param pause until the next reading, if memory does not know of the channel yet
  private void took(DeclaredChannel stored, Duration pause) {
    if (directory.update(stored)) {
      shards.revisit(stored.key());
    } else {
      readLater(stored.key(), pause);
    }
  }

  /// A change of a channel's settings failed.
  void failed(ChannelKey key, Throwable failure) {
    if (!StoreUnavailableException.surelyDidNothing(failure)) {
      readLater(key, FIRST_READ);
    }
  }

  private void readLater(ChannelKey key, Duration pause) {
    if (unread.add(key)) {
      loopOf(key).runLater(() -> read(key, pause), pause);
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
                    took(found.get().channel(), READS.after(pause));
                  }
                });
  }

  private ShardLoop loopOf(ChannelKey key) {
    return shards.get(key.homeOf(shards.count())).loop();
  }
}
