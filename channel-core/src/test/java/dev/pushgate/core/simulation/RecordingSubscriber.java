package dev.pushgate.core.simulation;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes down what it is told, a line for each thing.
final class RecordingSubscriber implements Subscriber {
  final List<String> told = new ArrayList<>();
  int writes;
  int flushes;

  /// Writes that wait for a flush, and the most that ever did.
  int unflushed;

  int mostUnflushed;
  WireFormat wireFormat = SimulatedWire.FORMAT;
  String client = "client";
  boolean mayStay = true;
  boolean slow;
  boolean closedSlow;

  /// Thrown once, by the next thing that this one is told or given.
  @Nullable Error error;

  /// Thrown once, when this one is asked for its rights.
  @Nullable Error errorOfRights;

  private final Shard shard;
  private final SessionSubscriptions subscriptions;
  private @Nullable StreamPosition head;

  RecordingSubscriber(Shard shard) {
    this.shard = shard;
    this.subscriptions = new SessionSubscriptions(shard, this, 256);
  }

  Shard shard() {
    return shard;
  }

  SessionSubscriptions subscriptions() {
    return subscriptions;
  }

  /// Where it stood when it last subscribed.
  StreamPosition head() {
    if (head == null) {
      throw new IllegalStateException("never subscribed");
    }
    return head;
  }

  @Override
  public WireFormat wireFormat() {
    return wireFormat;
  }

  @Override
  public MemoryHolder holder() {
    return new MemoryHolder(new AppId("app"), client, null);
  }

  @Override
  public boolean maySubscribe(ChannelKey key) {
    Error thrown = errorOfRights;
    errorOfRights = null;
    throwIfAny(thrown);
    return mayStay;
  }

  @Override
  public void write(ByteBuf frames) {
    fail();
    writes++;
    mostUnflushed = Math.max(mostUnflushed, ++unflushed);
    frames.toString(StandardCharsets.UTF_8).lines().forEach(this::tell);
  }

  private void tell(String line) {
    if (line.startsWith(SimulatedWire.PRESENCE)) {
      told.add(line.substring(SimulatedWire.PRESENCE.length()));
      return;
    }
    SimulatedWire.Message message = SimulatedWire.parse(line);
    told.add(message.position().offset() + ":" + message.data());
  }

  @Override
  public void flush() {
    flushes++;
    unflushed = 0;
  }

  @Override
  public boolean isSlow() {
    return slow;
  }

  @Override
  public void closeSlow() {
    closedSlow = true;
    subscriptions.close();
  }

  @Override
  public void fail(Throwable cause) {
    told.add("failed");
    subscriptions.close();
  }

  private void fail() {
    Error thrown = error;
    error = null;
    throwIfAny(thrown);
  }

  private static void throwIfAny(@Nullable Error thrown) {
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public void subscribed(
      ChannelKey key,
      @Nullable String ref,
      StreamPosition newest,
      @Nullable Boolean recovered,
      List<EncodedFrames> replay) {
    fail();
    head = newest;
    told.add("subscribed " + newest.offset() + (recovered == null ? "" : " " + recovered));
    replay.forEach(
        frames -> tell(new String(frames.in(SimulatedWire.FORMAT), StandardCharsets.UTF_8).trim()));
  }

  @Override
  public void subscribeRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused) {
    fail();
    told.add("refused " + refused.refusal());
  }

  @Override
  public void removed(ChannelKey key, Outcome.@Nullable Refused<?> refused) {
    fail();
    told.add("removed" + (refused == null ? "" : " " + refused.refusal()));
  }

  @Override
  public void gap(ChannelKey key, String epoch, long from, long to) {
    fail();
    told.add("gap " + from + "-" + to);
  }

  @Override
  public void entered(ChannelKey key) {
    fail();
    told.add("entered");
  }

  @Override
  public void presenceUpdated(ChannelKey key, @Nullable String ref) {
    told.add("updated " + ref);
  }

  @Override
  public void presenceRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused) {
    told.add("presence refused " + refused.refusal() + " " + ref);
  }
}
