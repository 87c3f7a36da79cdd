package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.SeededHash;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.WireFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What all recent logs of a shard may hold together, on the heap as it is: data, frames and the
/// objects around them. It keeps each publisher's entries in one list by age, so that the oldest is
/// found without looking at any channel. When all is used up, the publisher that holds most in the
/// app that holds most gives up its oldest first: nobody pushes out what others have, as long as
/// he has more himself. Confined to its shard.
public final class LogBudget {
  /// What is freed at once when all is used up: one in so many parts. So it is seldom looked for
  /// who holds most.
  private static final int PARTS = 256;

  /// How many publishers of an app have an account of their own, for all are looked at when it is
  /// full. Those beyond share others, of which there are as many again.
  private static final int MAX_PUBLISHERS = 1_000;

  /// One publication in one recent log. The list runs through the entries themselves: taking one
  /// out costs the same however many there are.
  static final class Entry {
    final RecentLog log;
    final EncodedFrames frames;
    final long addedAtMs;

    /// As wires count it.
    final int weight;

    /// What it takes on the heap, with the frames of `formats`.
    private int heldBytes;

    /// A bit for each wire format that it is encoded in, or is about to be.
    private int formats;

    private @Nullable OfPublisher publisher;
    private @Nullable Entry older;
    private @Nullable Entry newer;

    Entry(RecentLog log, EncodedFrames frames, long addedAtMs) {
      Publication publication = frames.publication();
      this.log = log;
      this.frames = frames;
      this.addedAtMs = addedAtMs;
      this.weight = publication.weight();
      this.heldBytes =
          ObjectCosts.LOG_ENTRY
              + publication.data().length
              + Character.BYTES
                  * (publication.eventType().length() + publication.clientId().length())
              + frames.framesBytes();
      for (int format = 0; format < WireFormat.MAX_FORMATS; format++) {
        formats |= frames.isIn(format) ? 1 << format : 0;
      }
    }

    private OfPublisher publisher() {
      return Objects.requireNonNull(publisher, "not added yet");
    }
  }

  /// The recent logs of one app.
  final class OfApp {
    /// By credential, and beyond [#MAX_PUBLISHERS] by one of as many numbers. One goes when it has
    /// nothing any more.
    private final Map<Object, OfPublisher> publishers = new HashMap<>();

    /// How many of them are of one credential alone.
    private int ownAccounts;

    /// What came from where there is no credential to tell.
    private final OfPublisher others = new OfPublisher(this, null);

    private long heldBytes;

    void add(Entry entry, MemoryHolder publisher) {
      ofPublisher(publisher).add(entry);
      keepWithinLimit();
    }

    private OfPublisher ofPublisher(MemoryHolder holder) {
      String credential = holder.credential();
      if (credential == null) {
        return others;
      }
      OfPublisher own = publishers.get(credential);
      if (own != null) {
        return own;
      }
      if (ownAccounts < MAX_PUBLISHERS) {
        ownAccounts++;
        return account(credential);
      }
      return account(shared(holder, credential));
    }

    private OfPublisher account(Object account) {
      return publishers.computeIfAbsent(account, key -> new OfPublisher(this, key));
    }

    /// An account has nothing any more.
    private void close(Object account) {
      publishers.remove(account);
      if (account instanceof String) {
        ownAccounts--;
      }
    }

    /// Of all who come from one address, for who has many users seldom has many of these. A server,
    /// whose address says nothing, comes by its key.
    private Integer shared(MemoryHolder holder, String credential) {
      String from = holder.address() == null ? credential : holder.address();
      return Math.floorMod(SeededHash.of(from), MAX_PUBLISHERS);
    }

    void remove(Entry entry) {
      entry.publisher().remove(entry);
    }

    /// The entry is encoded in one more format, soon and perhaps on another thread. To be followed
    /// by [#keepWithinLimit].
    void willBeIn(WireFormat format, Entry entry) {
      int bit = 1 << format.index();
      if ((entry.formats & bit) == 0) {
        entry.formats |= bit;
        entry.heldBytes += entry.weight; // no frame is larger
        entry.publisher().grow(entry.weight);
      }
    }

    void keepWithinLimit() {
      LogBudget.this.keepWithinLimit();
    }

    private OfPublisher greediest() {
      OfPublisher most = others;
      for (OfPublisher publisher : publishers.values()) {
        if (publisher.heldBytes > most.heldBytes) {
          most = publisher;
        }
      }
      return most;
    }

    private void expire(long nowMs) {
      others.expire(nowMs);
      if (!publishers.isEmpty()) {
        List.copyOf(publishers.values()).forEach(publisher -> publisher.expire(nowMs));
      }
    }
  }

  /// What one publisher, or several that share an account, have in the recent logs of their app.
  private final class OfPublisher {
    private final OfApp app;
    private final @Nullable Object account;
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private long heldBytes;

    OfPublisher(OfApp app, @Nullable Object account) {
      this.app = app;
      this.account = account;
    }

    void add(Entry entry) {
      entry.publisher = this;
      entry.older = newest;
      if (newest == null) {
        oldest = entry;
      } else {
        newest.newer = entry;
      }
      newest = entry;
      grow(entry.heldBytes);
    }

    void remove(Entry entry) {
      if (entry.older == null) {
        oldest = entry.newer;
      } else {
        entry.older.newer = entry.newer;
      }
      if (entry.newer == null) {
        newest = entry.older;
      } else {
        entry.newer.older = entry.older;
      }
      entry.older = null;
      entry.newer = null;
      grow(-entry.heldBytes);
      if (oldest == null && account != null) {
        app.close(account);
      }
    }

    private void grow(int more) {
      heldBytes += more;
      app.heldBytes += more;
      bytes += more;
    }

    void expire(long nowMs) {
      while (oldest != null && oldest.addedAtMs + maxAgeMs <= nowMs) {
        dropOldest();
      }
    }

    /// A log has no holes: what others have before it in the same channel goes too.
    ///
    /// @return how many entries went
    private int dropOldest() {
      return oldest == null ? 0 : oldest.log.dropThrough(oldest);
    }
  }

  private final MemoryShare share;
  private final long maxBytes;
  private final long maxAgeMs;
  private final Map<AppId, OfApp> apps = new HashMap<>();
  private long bytes;

  /// @param share hears of each entry that was dropped for want of room
  public LogBudget(MemoryShare share, long maxBytes, long maxAgeMs) {
    this.share = share;
    this.maxBytes = maxBytes;
    this.maxAgeMs = maxAgeMs;
  }

  OfApp ofApp(AppId app) {
    return apps.computeIfAbsent(app, _ -> new OfApp());
  }

  /// How many bytes of the heap the shard's recent logs hold.
  public long bytes() {
    return bytes;
  }

  /// Drops what is older than its age. Called now and then.
  public void expire(long nowMs) {
    apps.values().forEach(app -> app.expire(nowMs));
  }

  private void keepWithinLimit() {
    if (bytes > maxBytes) {
      long enough = maxBytes - maxBytes / PARTS;
      while (bytes > enough) {
        OfPublisher greediest = greediest().greediest();
        int dropped = greediest.dropOldest();
        while (dropped > 0) {
          for (int i = 0; i < dropped; i++) {
            share.refused();
          }
          dropped = bytes > enough ? greediest.dropOldest() : 0;
        }
      }
    }
  }

  private OfApp greediest() {
    OfApp most = null;
    for (OfApp app : apps.values()) {
      if (most == null || app.heldBytes > most.heldBytes) {
        most = app;
      }
    }
    if (most == null) {
      throw new IllegalStateException("bytes without an app");
    }
    return most;
  }
}
