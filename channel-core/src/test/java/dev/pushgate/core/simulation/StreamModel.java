package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What anybody was told of the streams, and what must hold of it. It knows too little to say what
/// a home's log holds, but enough to say what it must hold at least.
final class StreamModel {
  private record Place(ChannelKey key, StreamPosition position) {}

  private record Acknowledged(Place place, String id, String data, boolean stored, long atMs) {}

  private final SimulatedClock clock;
  private final SimulatedStreams stored;
  private final HomeLimits limits;
  private final long startedMs;

  /// What stands at each place of each stream, as anybody saw it.
  private final Map<Place, String> streams = new HashMap<>();

  /// The newest offset of each epoch that a home gave away.
  private final Map<Place, Long> heads = new HashMap<>();

  /// Where the messages with one idempotency key stand.
  private final Map<String, Set<Place>> placesOfKey = new HashMap<>();

  private final Map<Place, Acknowledged> acknowledged = new HashMap<>();
  private final Set<String> refusedForSure = new HashSet<>();
  private final Set<String> lostIds = new HashSet<>();
  private final Set<ChannelKey> everDeclared = new HashSet<>();
  private final Set<ChannelKey> forgetful = new HashSet<>();

  StreamModel(SimulatedClock clock, SimulatedStreams stored, HomeLimits limits) {
    this.clock = clock;
    this.stored = stored;
    this.limits = limits;
    this.startedMs = clock.millis();
  }

  // --- What was told ----------------------------------------------------------------------------

  void acknowledged(Published done, String data) {
    Place place = new Place(done.key(), done.position());
    boolean isStored = stored.messages(done.key()).stream().anyMatch(m -> m.id().equals(done.id()));
    acknowledged.putIfAbsent(
        place, new Acknowledged(place, done.id(), data, isStored, done.createdAtMs()));
    noteHead(done.key(), done.position());
    saw(new SimulatedWire.Message(done.key(), done.position(), done.id(), data));
  }

  void refused(String data) {
    refusedForSure.add(data);
  }

  void encoded(Publication publication) {
    noteHead(publication.key(), publication.position());
  }

  private void noteHead(ChannelKey key, StreamPosition position) {
    heads.merge(new Place(key, position.withOffset(0)), position.offset(), Math::max);
  }

  /// An offset that someone saw is never given to another message.
  void saw(SimulatedWire.Message message) {
    Place place = new Place(message.key(), message.position());
    String content = message.id() + "=" + message.data();
    String before = streams.putIfAbsent(place, content);
    if (before != null && !before.equals(content)) {
      throw new AssertionError(place + " holds " + before + " and " + content);
    }
    if (refusedForSure.contains(message.data())) {
      throw new AssertionError(message + " was refused");
    }
    // Both bodies of a key are one message.
    String keyed = message.key() + " " + message.data().replace("x", "");
    Set<Place> places = placesOfKey.computeIfAbsent(keyed, _ -> new HashSet<>());
    places.add(place);
    if (places.size() != 1 && !forgetsKeys(message.key())) {
      throw new AssertionError(keyed + " is in " + places);
    }
  }

  private boolean forgetsKeys(ChannelKey key) {
    return forgetful.contains(key)
        || clock.millis() - startedMs >= limits.idempotency().ttl().toMillis();
  }

  // --- What happened ----------------------------------------------------------------------------

  void declared(ChannelKey key) {
    everDeclared.add(key);
  }

  /// From now on a key may be new again: its message is deleted, or lost by the store.
  void forgetsKeysOf(ChannelKey key) {
    forgetful.add(key);
  }

  void lost(String id) {
    lostIds.add(id);
  }

  /// Keys are remembered across it for what is stored, and for nothing else.
  void crashed() {
    placesOfKey.values().removeIf(places -> places.stream().noneMatch(this::isStored));
  }

  private boolean isStored(Place place) {
    return stored.messages(place.key).stream().anyMatch(m -> m.position().equals(place.position));
  }

  // --- What must hold ---------------------------------------------------------------------------

  /// A resume that can be served is served, and a rewind brings what there is.
  void joined(ChannelKey key, Start start, StreamPosition head, boolean recovered, int replay) {
    noteHead(key, head);
    int inLog = surelyInLog(key, head);
    switch (start) {
      case Start.Live _ -> assertThat(replay).isZero();
      case Start.Rewind(int count) ->
          assertThat(replay).as("a rewind of %s", key).isBetween(Math.min(count, inLog), count);
      case Start.Since(StreamPosition since) -> {
        long missed = head.offset() - since.offset();
        if (since.epoch().equals(head.epoch()) && missed >= 0 && missed <= inLog) {
          assertThat(recovered).as("resume of %s from %s at %s", key, since, head).isTrue();
        }
      }
    }
  }

  /// How many of the newest messages the home's log has for sure: those that it acknowledged not
  /// too long ago, and would still have if it had been forgotten meanwhile.
  private int surelyInLog(ChannelKey key, StreamPosition head) {
    int count = 0;
    while (count < limits.log().messages() && count < head.offset()) {
      Acknowledged ack = acknowledged.get(new Place(key, head.withOffset(head.offset() - count)));
      if (ack == null || isOld(ack) || !(ack.stored || !everDeclared.contains(key))) {
        return count;
      }
      count++;
    }
    return count;
  }

  private boolean isOld(Acknowledged ack) {
    return clock.millis() - ack.atMs >= limits.log().age().toMillis();
  }

  /// A gap is told only of what the log no longer holds.
  void gap(ChannelKey key, StreamPosition to) {
    Acknowledged ack = acknowledged.get(new Place(key, to));
    long behind = heads.getOrDefault(new Place(key, to.withOffset(0)), to.offset()) - to.offset();
    if (ack != null && !isOld(ack) && behind < limits.log().messages()) {
      throw new AssertionError("a gap although the log holds " + ack);
    }
  }

  /// A member was given all that was acknowledged up to now.
  void checkMember(Map<ChannelKey, StreamPosition> given) {
    for (Acknowledged ack : acknowledged.values()) {
      StreamPosition position = given.get(ack.place.key);
      if (position != null
          && position.epoch().equals(ack.place.position.epoch())
          && position.offset() < ack.place.position.offset()) {
        throw new AssertionError("a member at " + position + " was not given " + ack);
      }
    }
  }

  /// The store has all that was acknowledged and nothing that was refused.
  void checkStore(List<ChannelKey> keys) {
    List<Acknowledged> missing = new ArrayList<>();
    for (Acknowledged ack : acknowledged.values()) {
      if (!lostIds.contains(ack.id) && stored.lacks(ack.place.key, ack.place.position, ack.id)) {
        missing.add(ack);
      }
    }
    assertThat(missing).as("acknowledged, and not in the store").isEmpty();
    for (ChannelKey key : keys) {
      for (Publication message : stored.messages(key)) {
        String data = new String(message.data(), StandardCharsets.UTF_8);
        assertThat(refusedForSure).as("refused, and stored: " + message).doesNotContain(data);
      }
    }
  }
}
