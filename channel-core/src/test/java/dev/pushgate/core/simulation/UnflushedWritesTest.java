package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.ObjectCosts;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// In one turn there may be messages for many channels, each with many subscribers: what is queued
/// for all of them before it is flushed takes memory, even when all are ready.
class UnflushedWritesTest {
  private static final int CHANNELS = 30;
  private static final int SUBSCRIBERS = 10;

  /// Most writes that waited for a flush at one subscriber.
  private int mostUnflushed(MemoryBudget memory) {
    EngineRig rig = new EngineRig(1, memory);
    var subscribers = Stream.generate(() -> rig.subscriber(0)).limit(SUBSCRIBERS).toList();
    for (int i = 0; i < CHANNELS; i++) {
      for (RecordingSubscriber subscriber : subscribers) {
        rig.subscribe(subscriber, EngineRig.key("a", "c" + i), Start.LIVE);
      }
    }
    IntStream.range(0, CHANNELS).forEach(i -> rig.publish(EngineRig.key("a", "c" + i), "m"));
    rig.settle();
    assertThat(subscribers)
        .allSatisfy(one -> assertThat(one.writes).isEqualTo(CHANNELS))
        .allSatisfy(one -> assertThat(one.unflushed).isZero());
    assertThat(rig.allocator.leaked()).isZero();
    return subscribers.stream().mapToInt(one -> one.mostUnflushed).max().orElseThrow();
  }

  @Test
  void areFlushedTogetherWhereThereIsRoom() {
    assertThat(mostUnflushed(MemoryBudget.unlimited())).isEqualTo(CHANNELS);
  }

  @Test
  void areFlushedBeforeTheyAreMoreThanThereIsRoomFor() {
    int room = 7 * SUBSCRIBERS;
    // Buffers, too, count for what they are on the heap until their walk ends.
    long bytes = (long) room * ObjectCosts.SHARED_WRITE + CHANNELS * ObjectCosts.SHARED_BUFFER;
    assertThat(mostUnflushed(Budgets.with(MemoryKind.WRITES, bytes))).isBetween(2, 20);
  }

  @Test
  void areFlushedOneByOneWhereThereIsRoomForNone() {
    assertThat(mostUnflushed(Budgets.with(MemoryKind.WRITES, 1))).isEqualTo(1);
  }
}
