package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.shard.SessionSubscriptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What is counted is what the heap holds, within a factor: it is never much less, whatever the
/// collector. With 8-byte references (`-XX:+UseZGC`) objects take up to twice as much as without.
@Isolated("what others put on the heap would count as well")
class HeapCostTest {
  private static final int CHANNELS = 20_000;
  private static final int OF_ONE = 250;

  /// How much more may be counted than is held where references take 4 bytes.
  private static final double FACTOR = 2.2;

  private final MemoryBudget memory =
      Budgets.with(Map.of(MemoryKind.CHANNELS, 1L << 40), MemoryParts.WHOLE);
  private final EngineRig rig = new EngineRig(1, memory, manyLimits());
  private final List<RecordingSubscriber> subscribers = new ArrayList<>();

  private static HomeLimits manyLimits() {
    HomeLimits usual = EngineRig.LIMITS;
    Duration hour = Duration.ofHours(1);
    return new HomeLimits(
        new HomeLimits.Log(1_000, 1L << 30, hour, hour, 1L << 40, 1 << 20),
        usual.idempotency(),
        usual.waiting(),
        usual.turn());
  }

  @Test
  void ofChannelsAndTheirSubscribers() {
    warmUp();
    long heap = heapBytes();
    long counted = used(MemoryKind.CHANNELS);
    subscribeAll();
    check("a subscribed channel", heap, used(MemoryKind.CHANNELS) - counted, CHANNELS);
  }

  @Test
  void ofChannelsThatNobodyUses() {
    warmUp();
    long heap = heapBytes();
    long counted = used(MemoryKind.CHANNELS);
    subscribeAll();
    subscribers.forEach(subscriber -> rig.inLoop(subscriber, SessionSubscriptions::close));
    rig.settle();
    subscribers.clear();
    check("an idle channel", heap, used(MemoryKind.CHANNELS) - counted, CHANNELS);
  }

  @Test
  void ofRecentLogs() {
    warmUp();
    long heap = heapBytes();
    rig.advance(Duration.ofSeconds(1));
    long counted = used(MemoryKind.RECENT_LOGS);
    for (int i = 0; i < CHANNELS; i++) {
      rig.publishAndSettle(channel(i % OF_ONE), "0123456789");
    }
    rig.advance(Duration.ofSeconds(1));
    check("a publication", heap, used(MemoryKind.RECENT_LOGS) - counted, CHANNELS);
  }

  @Test
  void ofDeclaredChannels() {
    MemoryShare share = memory.share(MemoryKind.CHANNELS);
    ChannelDirectory directory =
        new ChannelDirectory(share, new PrivateNames(Duration.ofDays(1), System::nanoTime));
    long heap = heapBytes();
    for (int i = 0; i < CHANNELS; i++) {
      directory.add(
          EngineRig.declared(
              new String("0f8fad5b-d9cb-469f-a165-70867728950e".toCharArray()),
              channel(i),
              "d".repeat(5_000)));
    }
    check("a declared channel", heap, share.usedBytes(), CHANNELS);
    assertThat(directory.size()).isEqualTo(CHANNELS);
  }

  @Test
  void ofWhoIsPresentAloneInAChannel() {
    warmUp();
    subscribeAll();
    long heap = heapBytes();
    int number = 0;
    for (RecordingSubscriber subscriber : subscribers) {
      for (int i = 0; i < OF_ONE; i++) {
        ChannelKey key = channel(number);
        Present present = new Present(new MemberId.User("user-" + number++), null);
        rig.inLoop(subscriber, all -> all.enter(key, present));
      }
      rig.settle();
      subscriber.told.clear();
    }
    rig.advance(Duration.ofSeconds(1));
    subscribers.forEach(subscriber -> subscriber.told.clear());
    check("one who is present", heap, used(MemoryKind.PRESENCE), CHANNELS);
  }

  @Test
  void ofIdempotencyKeys() {
    warmUp();
    ChannelKey key = channel(0);
    long counted = used(MemoryKind.IDEMPOTENCY);
    long heap = heapBytes();
    for (int i = 0; i < CHANNELS; i++) {
      rig.publish(key, "m", "order-" + i);
      rig.settle();
    }
    check("a remembered answer", heap, used(MemoryKind.IDEMPOTENCY) - counted, CHANNELS);
  }

  /// So that code and constants are there before anything is measured.
  private void warmUp() {
    RecordingSubscriber subscriber = rig.subscriber(0);
    rig.subscribe(subscriber, EngineRig.key("a", "warm"), Start.LIVE);
    rig.publish(EngineRig.key("a", "warm"), "m", "key");
    rig.settle();
    rig.inLoop(
        subscriber,
        all -> all.enter(EngineRig.key("a", "warm"), new Present(new MemberId.User("warm"), null)));
    rig.settle();
    rig.inLoop(subscriber, SessionSubscriptions::close);
    rig.advance(Duration.ofMinutes(2));
  }

  private void subscribeAll() {
    for (int i = 0; i < CHANNELS; i++) {
      if (i % OF_ONE == 0) {
        subscribers.add(rig.subscriber(0));
      }
      rig.subscribe(subscribers.getLast(), channel(i), Start.LIVE);
      subscribers.getLast().told.clear();
    }
  }

  private long used(MemoryKind kind) {
    return memory.share(kind).usedBytes();
  }

  private void check(String what, long heapBefore, long counted, int objects) {
    long held = heapBytes() - heapBefore;
    System.getLogger(getClass().getName())
        .log(
            System.Logger.Level.INFO,
            "{0}: {1} bytes on the heap, {2} counted",
            what,
            held / objects,
            counted / objects);
    assertThat((double) counted)
        .as("%s: %s bytes on the heap, %s counted", what, held / objects, counted / objects)
        .isBetween(held * 0.75, held * FACTOR);
    assertThat(rig.engine).isNotNull(); // all of it is reachable until here
  }

  private static ChannelKey channel(int number) {
    return EngineRig.key("a", "channel-" + number);
  }

  /// What is reachable: the least that is used after a collection.
  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      ManagementFactory.getMemoryMXBean().gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
