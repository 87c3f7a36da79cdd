package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a simulated store holds, changed at once; and what happens to it behind its node's back.
final class SimulatedStreams {
  private static final class Stream {
    final DeclaredChannel channel;
    final StreamPosition start;
    final Set<String> laterEpochs = new HashSet<>();
    final List<Publication> messages = new ArrayList<>();
    final List<RememberedAnswer> answers = new ArrayList<>();
    StreamPosition head;

    Stream(DeclaredChannel channel, StreamPosition start) {
      this.channel = channel;
      this.start = start;
      this.head = start;
    }

    /// The messages of this epoch.
    List<Publication> newest() {
      return messages.stream().filter(m -> m.position().epoch().equals(head.epoch())).toList();
    }
  }

  private final Map<ChannelKey, Stream> streams = new HashMap<>();

  List<DeclaredChannel> declared() {
    return streams.values().stream().map(stream -> stream.channel).toList();
  }

  @Nullable OpenedStream read(ChannelKey key, int maxMessages, long maxBytes, long nowMs) {
    Stream stream = streams.get(key);
    if (stream == null) {
      return null;
    }
    Deque<Publication> newest = new ArrayDeque<>();
    long bytes = 0;
    for (Publication next : stream.newest().reversed()) {
      bytes += next.weight();
      if (newest.size() == maxMessages || bytes > maxBytes) {
        break;
      }
      newest.addFirst(next);
    }
    return new OpenedStream(
        stream.channel,
        stream.head,
        List.copyOf(newest),
        stream.answers.stream().filter(a -> a.expiresAtMs() > nowMs).toList(),
        nowMs);
  }

  void append(Publication publication, @Nullable RememberedAnswer answer) {
    Stream stream = streams.get(publication.key());
    if (stream == null
        || !publication.position().equals(stream.head.withOffset(stream.head.offset() + 1))) {
      throw new StoreUnavailableException("does not fit");
    }
    stream.head = publication.position();
    stream.messages.add(publication);
    if (answer != null) {
      stream.answers.add(answer);
    }
  }

  boolean declare(DeclaredChannel channel, StreamPosition start) {
    return streams.putIfAbsent(channel.key(), new Stream(channel, start)) == null;
  }

  boolean beginEpoch(ChannelKey key, StreamPosition found, String epoch) {
    Stream stream = streams.get(key);
    if (stream == null || !found.equals(stream.head)) {
      return false;
    }
    stream.head = new StreamPosition(epoch, 0);
    stream.laterEpochs.add(epoch);
    return true;
  }

  boolean delete(ChannelKey key) {
    return streams.remove(key) != null;
  }

  // --- Behind the node's back -------------------------------------------------------------------

  /// The newest messages and their answers are gone, as when a copy that lagged took over.
  ///
  /// @return the ids of what was lost
  List<String> loseNewest(ChannelKey key, int count) {
    List<String> ids = new ArrayList<>();
    Stream stream = streams.get(key);
    while (stream != null && ids.size() < count && !stream.newest().isEmpty()) {
      String id = stream.messages.removeLast().id();
      stream.answers.removeIf(answer -> answer.answer().id().equals(id));
      stream.head = stream.head.withOffset(stream.head.offset() - 1);
      ids.add(id);
    }
    return ids;
  }

  /// Another node writes into the stream.
  void appendByAnother(Publication publication) {
    Stream stream = Objects.requireNonNull(streams.get(publication.key()));
    stream.messages.add(publication);
    stream.head = publication.position();
  }

  // --- For checks -------------------------------------------------------------------------------

  List<Publication> messages(ChannelKey key) {
    Stream stream = streams.get(key);
    return stream == null ? List.of() : List.copyOf(stream.messages);
  }

  /// Whether this message should be here and is not.
  boolean lacks(ChannelKey key, StreamPosition position, String id) {
    Stream stream = streams.get(key);
    return stream != null
        && (stream.laterEpochs.contains(position.epoch())
            || (position.epoch().equals(stream.start.epoch())
                && position.offset() > stream.start.offset()))
        && stream.messages.stream().noneMatch(message -> message.id().equals(id));
  }
}
