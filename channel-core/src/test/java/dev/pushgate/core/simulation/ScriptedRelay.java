package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.RelayListener;
import dev.pushgate.core.relay.RelayStreams;
import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.SharedRelay;
import dev.pushgate.core.relay.StreamSlice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A relay that answers what the test says, when the test says it.
final class ScriptedRelay implements SharedRelay, RelayStreams {
  /// A reading that waits for its answer.
  record Reading(
      ChannelKey key,
      @Nullable Seen seen,
      CompletableFuture<StreamSlice> answer,
      CompletableFuture<?> taken) {}

  final Deque<Reading> readings = new ArrayDeque<>();
  final List<String> asked = new ArrayList<>();
  private @Nullable RelayListener listener;

  RelayListener listener() {
    return Objects.requireNonNull(listener);
  }

  static Publication publication(ChannelKey key, String epoch, long offset) {
    return publication(key, epoch, offset, "id" + offset);
  }

  static Publication publication(ChannelKey key, String epoch, long offset, String id) {
    byte[] data = ("m" + offset).getBytes(StandardCharsets.UTF_8);
    return new Publication(key, new StreamPosition(epoch, offset), id, "e", "c", data, 0);
  }

  /// What follows the publication whose id says so.
  void arrives(Publication publication) {
    listener().arrived(new Arrival(publication, "id" + (publication.offset() - 1)));
  }

  /// Answers the oldest reading: the stream stands at `head`, and has what lies behind `keptAfter`.
  /// The channel was never deleted.
  void answer(String epoch, long keptAfter, long head) {
    answer(epoch, keptAfter, head, "");
  }

  /// @param life the epoch that its deletion began
  void answer(String epoch, long keptAfter, long head, String life) {
    Reading reading = readings.removeFirst();
    List<Publication> newest = new ArrayList<>();
    for (long offset = keptAfter + 1; offset <= head; offset++) {
      newest.add(publication(reading.key(), epoch, offset));
    }
    String headId = head == 0 ? "" : "id" + head;
    reading
        .answer()
        .complete(new StreamSlice(new StreamPosition(epoch, head), headId, newest, life));
  }

  void failReading() {
    readings.removeFirst().answer().completeExceptionally(new RelayUnavailableException("away"));
  }

  @Override
  public RelayStreams streams() {
    return this;
  }

  @Override
  public void start(RelayListener heard) {
    listener = heard;
  }

  @Override
  public void follow(ChannelKey key) {
    asked.add("follow");
  }

  @Override
  public void unfollow(ChannelKey key) {
    asked.add("unfollow");
  }

  @Override
  public CompletionStage<StreamSlice> read(
      ChannelKey key, @Nullable Seen seen, CompletionStage<?> taken) {
    asked.add(seen == null ? "read" : "read behind " + seen.position().offset());
    Reading reading =
        new Reading(key, seen, new CompletableFuture<>(), taken.toCompletableFuture());
    readings.addLast(reading);
    return reading.answer();
  }

  @Override
  public CompletionStage<Optional<StreamPosition>> head(ChannelKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Outcome<Published>> publish(PublishRequest request) {
    throw new UnsupportedOperationException();
  }
}
