package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import dev.pushgate.core.shard.SessionSubscriptions;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.shard.Subscriber;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client that checks what it is given: every message is the next one, or it was told otherwise.
final class SimulatedClient implements Subscriber {
  private final Shard shard;
  private final Witness witness;
  private final SessionSubscriptions subscriptions;

  /// Position of each channel that the client is a member of: the newest it was given.
  private final Map<ChannelKey, StreamPosition> members = new HashMap<>();

  /// The ids by offset of what it was given as a member, in the epoch that it is in.
  private final Map<ChannelKey, Map<Long, String>> given = new HashMap<>();

  private final Map<ChannelKey, Deque<Start>> asked = new HashMap<>();
  private boolean slow;
  private boolean writtenWhileSlow;
  private boolean closed;

  SimulatedClient(Shard shard, Witness witness) {
    this.shard = shard;
    this.witness = witness;
    this.subscriptions = new SessionSubscriptions(shard, this, 3);
  }

  Shard shard() {
    return shard;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isWaiting() {
    return asked.values().stream().anyMatch(starts -> !starts.isEmpty());
  }

  Map<ChannelKey, StreamPosition> members() {
    return members;
  }

  Map<Long, String> given(ChannelKey key) {
    return given.getOrDefault(key, Map.of());
  }

  void subscribe(ChannelKey key, Start start) {
    Deque<Start> starts = asked.computeIfAbsent(key, _ -> new ArrayDeque<>());
    starts.addLast(start);
    if (!subscriptions.subscribe(key, start, "ref")) {
      starts.removeLast();
    }
  }

  void unsubscribe(ChannelKey key) {
    subscriptions.unsubscribe(key);
    members.remove(key);
    assertThat(asked.getOrDefault(key, new ArrayDeque<>())).isEmpty();
  }

  void becomeSlow() {
    slow = true;
  }

  /// Whether it should have been closed by now.
  boolean isOverdue() {
    return writtenWhileSlow && !closed;
  }

  void close() {
    if (!closed) {
      closed = true;
      subscriptions.close();
      members.forEach(witness::left);
      members.clear();
      asked.clear();
    }
  }

  @Override
  public WireFormat wireFormat() {
    return witness.wire();
  }

  @Override
  public MemoryHolder holder() {
    return new MemoryHolder(new AppId("app"), "client", null);
  }

  @Override
  public boolean maySubscribe(ChannelKey key) {
    return witness.isOpenTo(key);
  }

  @Override
  public void write(ByteBuf frames) {
    if (closed) {
      throw new AssertionError("written to who has gone");
    }
    writtenWhileSlow |= slow;
    String text = frames.toString(StandardCharsets.UTF_8);
    text.lines().map(SimulatedWire::parse).forEach(this::receive);
  }

  private void receive(SimulatedWire.Message message) {
    witness.saw(message);
    StreamPosition before = members.get(message.key());
    if (before == null || !message.position().equals(before.withOffset(before.offset() + 1))) {
      throw new AssertionError(message + " is not the next after " + before);
    }
    members.put(message.key(), message.position());
    given
        .computeIfAbsent(message.key(), _ -> new HashMap<>())
        .put(message.position().offset(), message.id());
  }

  @Override
  public void flush() {}

  @Override
  public boolean isSlow() {
    return slow;
  }

  @Override
  public void closeSlow() {
    close();
  }

  @Override
  public void fail(Throwable cause) {
    throw new AssertionError("failed", cause);
  }

  @Override
  public void subscribed(
      ChannelKey key,
      @Nullable String ref,
      StreamPosition head,
      @Nullable Boolean recovered,
      List<EncodedFrames> replay) {
    assertThat(closed).isFalse();
    if (ref == null) {
      newEpoch(key, head, recovered, replay);
      return;
    }
    Start start = asked.getOrDefault(key, new ArrayDeque<>()).removeFirst();
    if (members.containsKey(key)) {
      assertThat(members).as("answered again").containsEntry(key, head);
      assertThat(replay).isEmpty();
      return;
    }
    long first = head.offset() - replay.size();
    given.remove(key);
    members.put(key, head.withOffset(first));
    replay.forEach(frames -> receive(SimulatedWire.read(frames)));
    assertThat(members).as("the replay ends at the head").containsEntry(key, head);
    if (start instanceof Start.Since(StreamPosition since)) {
      if (Boolean.TRUE.equals(recovered)) {
        assertThat(since).isEqualTo(head.withOffset(first));
      } else {
        assertThat(recovered).isFalse();
        assertThat(replay).isEmpty();
      }
    }
    witness.joined(key, start, head, Boolean.TRUE.equals(recovered), replay.size());
  }

  private void newEpoch(
      ChannelKey key,
      StreamPosition head,
      @Nullable Boolean recovered,
      List<EncodedFrames> replay) {
    given.remove(key);
    StreamPosition before = members.put(key, head);
    assertThat(before).as("told of a channel that it is in").isNotNull();
    assertThat(before.epoch()).isNotEqualTo(head.epoch());
    assertThat(recovered).isFalse();
    assertThat(replay).isEmpty();
    witness.toldEpoch();
  }

  @Override
  public void subscribeRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused) {
    asked.getOrDefault(key, new ArrayDeque<>()).removeFirst();
  }

  @Override
  public void removed(ChannelKey key, Outcome.@Nullable Refused<?> refused) {
    assertThat(members.remove(key)).as("removed from what it was in").isNotNull();
  }

  @Override
  public void gap(ChannelKey key, String epoch, long from, long to) {
    StreamPosition before = members.get(key);
    assertThat(before).isEqualTo(new StreamPosition(epoch, from - 1));
    assertThat(to).isGreaterThanOrEqualTo(from);
    witness.gap(key, new StreamPosition(epoch, to));
    members.put(key, new StreamPosition(epoch, to));
  }

  @Override
  public void entered(ChannelKey key) {
    throw new AssertionError("never asked for");
  }

  @Override
  public void presenceUpdated(ChannelKey key, @Nullable String ref) {
    throw new AssertionError("never asked for");
  }

  @Override
  public void presenceRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused) {
    throw new AssertionError("never asked for");
  }
}
