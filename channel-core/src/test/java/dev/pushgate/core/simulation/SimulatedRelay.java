package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What stands at the relay: the streams of all channels, of which it keeps the newest. It may lose
/// all it has, or the newest of it.
final class SimulatedRelay {
  private static final class Stream {
    String epoch;
    long head;
    String headId = "";

    /// The epoch that the last deletion began.
    String life = "";

    final Deque<Publication> kept = new ArrayDeque<>();

    Stream(String epoch) {
      this.epoch = epoch;
    }

    StreamPosition position() {
      return new StreamPosition(epoch, head);
    }
  }

  private final SimulatedClock clock;
  private final int keep;
  private final Map<ChannelKey, Stream> streams = new HashMap<>();
  private final Set<SimulatedWire.Message> ever = new HashSet<>();
  private final List<RelayLink> links = new ArrayList<>();
  private long epochs;
  private long ids;
  boolean away;

  /// @param keep how many publications of a stream are kept
  SimulatedRelay(SimulatedClock clock, int keep) {
    this.clock = clock;
    this.keep = keep;
  }

  void add(RelayLink link) {
    links.add(link);
  }

  Publication append(PublishRequest request) {
    Stream stream = streamOf(request.key());
    String previousId = stream.headId;
    stream.head++;
    stream.headId = "id" + ++ids;
    Publication publication =
        new Publication(
            request.key(),
            stream.position(),
            stream.headId,
            request.eventType(),
            request.clientId(),
            request.data(),
            clock.millis());
    stream.kept.addLast(publication);
    if (stream.kept.size() > keep) {
      stream.kept.removeFirst();
    }
    ever.add(SimulatedWire.parse(line(publication)));
    links.forEach(link -> link.arrives(new Arrival(publication, previousId)));
    return publication;
  }

  StreamSlice read(ChannelKey key, @Nullable Seen seen) {
    Stream stream = streamOf(key);
    if (seen != null && isLost(stream, seen)) {
      String life = stream.life;
      streams.remove(key);
      stream = streamOf(key);
      stream.life = life;
      links.forEach(link -> link.doubtful(key));
    }
    Stream found = stream;
    List<Publication> newest =
        found.kept.stream()
            .filter(
                p -> seen == null || !isIn(found, seen) || p.offset() > seen.position().offset())
            .toList();
    return new StreamSlice(found.position(), found.headId, newest, found.life);
  }

  private static boolean isIn(Stream stream, Seen seen) {
    return seen.position().epoch().equals(stream.epoch);
  }

  private static boolean isLost(Stream stream, Seen seen) {
    long offset = seen.position().offset();
    if (!isIn(stream, seen)) {
      return false;
    }
    if (stream.head < offset) {
      return true;
    }
    return !seen.id().isEmpty()
        && stream.kept.stream().anyMatch(p -> p.offset() == offset && !p.id().equals(seen.id()));
  }

  void end(ChannelKey key) {
    streams.remove(key);
    Stream stream = streamOf(key);
    stream.life = stream.epoch;
    links.forEach(link -> link.ended(key));
  }

  void loseEverything() {
    streams.clear();
    links.forEach(RelayLink::cut);
  }

  /// A copy that lags takes over.
  ///
  /// @param cuts whether connections break
  void loseNewest(ChannelKey key, int count, boolean cuts) {
    Stream stream = streams.get(key);
    if (stream != null && stream.kept.size() > count) {
      for (int i = 0; i < count; i++) {
        stream.kept.removeLast();
      }
      stream.head -= count;
      stream.headId = stream.kept.getLast().id();
    }
    if (cuts) {
      links.forEach(RelayLink::cut);
    }
  }

  StreamPosition head(ChannelKey key) {
    return streamOf(key).position();
  }

  /// Whether the stream still has what stands at a place.
  boolean has(ChannelKey key, StreamPosition position) {
    Stream stream = streamOf(key);
    return stream.kept.stream().anyMatch(p -> p.position().equals(position));
  }

  /// The ids by offset of what the stream still has.
  Map<Long, String> kept(ChannelKey key) {
    return streamOf(key).kept.stream()
        .collect(Collectors.toMap(Publication::offset, Publication::id));
  }

  /// Whether everything behind a place is still there.
  boolean reachesBackTo(ChannelKey key, StreamPosition position) {
    Stream stream = streamOf(key);
    return stream.epoch.equals(position.epoch())
        && position.offset() <= stream.head
        && stream.head - position.offset() <= stream.kept.size();
  }

  boolean everHad(SimulatedWire.Message message) {
    return ever.contains(message);
  }

  private static String line(Publication publication) {
    return new String(SimulatedWire.FORMAT.encode(publication), StandardCharsets.UTF_8).trim();
  }

  private Stream streamOf(ChannelKey key) {
    return streams.computeIfAbsent(key, _ -> new Stream("e" + ++epochs));
  }
}
