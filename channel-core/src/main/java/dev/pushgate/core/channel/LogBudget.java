package dev.pushgate.core.channel;

import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.WireFormat;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What all recent logs of a shard may hold together, on the heap as it is: data, frames and the
/// objects around them. It keeps each app's entries in one list by age, so that the oldest is found
/// without looking at any channel. When all is used up, the app that holds most gives up its oldest
/// first: no app pushes out what another one has. Confined to its shard.
public final class LogBudget {
  /// What is freed at once when all is used up: one in so many parts. So it is seldom looked for
  /// who holds most.
  private static final int PARTS = 256;

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
  }

  /// The recent logs of one app.
  final class OfApp {
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private long heldBytes;

    void add(Entry entry) {
      entry.older = newest;
      if (newest == null) {
        oldest = entry;
      } else {
        newest.newer = entry;
      }
      newest = entry;
      grow(entry.heldBytes);
      keepWithinLimit();
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
    }

    /// The entry is encoded in one more format, soon and perhaps on another thread. To be followed
    /// by [#keepWithinLimit].
    void willBeIn(WireFormat format, Entry entry) {
      int bit = 1 << format.index();
      if ((entry.formats & bit) == 0) {
        entry.formats |= bit;
        entry.heldBytes += entry.weight; // no frame is larger
        grow(entry.weight);
      }
    }

    void keepWithinLimit() {
      LogBudget.this.keepWithinLimit();
    }

    private void grow(int more) {
      heldBytes += more;
      bytes += more;
    }

    /// Entries are added in the order of their age, so the oldest of all is the oldest of its own
    /// log.
    private boolean dropOldest() {
      if (oldest == null) {
        return false;
      }
      oldest.log.dropOldest();
      return true;
    }
  }

  private final long maxBytes;
  private final long maxAgeMs;
  private final Map<AppId, OfApp> apps = new HashMap<>();
  private long bytes;

  public LogBudget(long maxBytes, long maxAgeMs) {
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
    for (OfApp app : apps.values()) {
      while (app.oldest != null && app.oldest.addedAtMs + maxAgeMs <= nowMs) {
        app.dropOldest();
      }
    }
  }

  private void keepWithinLimit() {
    if (bytes > maxBytes) {
      long enough = maxBytes - maxBytes / PARTS;
      while (bytes > enough) {
        OfApp greediest = greediest();
        while (bytes > enough && greediest.dropOldest()) {
          // the next one
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
