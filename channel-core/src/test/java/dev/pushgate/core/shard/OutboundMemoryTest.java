package dev.pushgate.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.shard.OutboundRig.Client;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundMemoryTest {
  private static final int LIMIT = OutboundRig.LIMIT;
  private static final int ON_HEAP = OutboundRig.ON_HEAP;

  private final OutboundRig rig = new OutboundRig();
  private final OutboundRig.Pool pool = rig.pool;
  private final MemoryShare share = rig.share;
  private final MemoryShare writes = rig.writes;
  private final OutboundMemory memory = rig.memory;

  @Test
  void aSharedBufferIsGivenBackAtOnceWhenAllHaveTakenIt() {
    ByteBuf frames = memory.allocateShared(1_000, 1);
    assertThat(memory.usedBytes()).isGreaterThanOrEqualTo(1_000);
    memory.walked(frames);
    assertThat(memory.usedBytes()).isZero();
    assertThat(frames.refCnt()).isZero();
  }

  @Test
  void aSharedBufferCountsOnceUntilTheLastHasTakenIt() {
    ByteBuf frames = memory.allocateShared(100_000, 2);
    long one = memory.usedBytes();
    Client slow = rig.client().take(frames);
    Client slower = rig.client().take(frames);
    memory.walked(frames);
    memory.settle();
    assertThat(memory.usedBytes()).isEqualTo(one);
    slow.takesAll();
    memory.settle();
    assertThat(memory.usedBytes()).isEqualTo(one);
    slower.takesAll();
    memory.settle();
    assertThat(memory.usedBytes()).isZero();
    assertThat(frames.refCnt()).isZero();
  }

  @Test
  void whenTheLastOneLeavesNothingIsHeld() {
    Client slow = rig.client();
    for (int i = 0; i < 100; i++) {
      ByteBuf frames = memory.allocateShared(100, 1);
      slow.take(frames);
      memory.walked(frames);
    }
    memory.settle();
    slow.takesAll();
    memory.left(slow);
    rig.checkNothingIsHeld();
  }

  @Test
  void atTheLimitThoseAreCutWhoHaveMostAndNobodyElse() {
    Client greedy = rig.client().write(300_000).write(300_000);
    Client modest = rig.client().write(100_000);
    Client quick = rig.client();
    quick.write(300_000);
    quick.takesAll();
    quick.write(400_000);
    assertThat(greedy.isCut).isTrue();
    assertThat(modest.isCut).isFalse();
    assertThat(quick.isCut).isFalse();
    assertThat(memory.usedBytes()).isLessThan(LIMIT);
    assertThat(share.refusals()).isEqualTo(1);
  }

  @Test
  void manyThatHaveALittleForOneAddressGoBeforeOneThatHasMuch() {
    MemoryHolder innocent = new MemoryHolder(new AppId("a"), "key", "192.0.2.1");
    MemoryHolder other = new MemoryHolder(new AppId("a"), "user:other", "192.0.2.1");
    MemoryHolder crowd = new MemoryHolder(new AppId("a"), "key", "192.0.2.2");
    Client slow = rig.client(innocent).write(200_000);
    Client behindTheSameAddress = rig.client(other).write(100_000);
    List<Client> many = new ArrayList<>();
    while (many.stream().noneMatch(one -> one.isCut)) {
      many.add(rig.client(crowd).write(30_000));
    }
    for (int i = 0; i < 100; i++) {
      many.add(rig.client(crowd).write(30_000));
    }
    assertThat(slow.isCut).isFalse();
    assertThat(behindTheSameAddress.isCut).isFalse();
    assertThat(many).filteredOn(one -> one.isCut).hasSizeGreaterThan(90);
  }

  @Test
  void noMoreThanTheLimitIsEverAllocated() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(rig.client().write(50_000 + 100 * i));
      assertThat(memory.usedBytes()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(clients).filteredOn(client -> client.isCut).hasSizeGreaterThan(150);
    assertThat(clients.getLast().isCut).isFalse();
  }

  @Test
  void manySmallFramesCountWithWhatTheyCostOnTheHeap() {
    Client client = rig.client();
    for (int i = 0; i < ON_HEAP / 200 && !client.isCut; i++) {
      client.write(10);
      assertThat(memory.usedOnHeap()).isLessThanOrEqualTo(ON_HEAP);
    }
    assertThat(client.isCut).isTrue();
    assertThat(writes.refusals()).isEqualTo(1);
    assertThat(share.refusals()).isZero();
  }

  @Test
  void beforeTheLimitWhoTakesNothingIsClosedAndWhoTakesALittleIsNot() {
    Client stuck = rig.client().write(400_000);
    Client slow = rig.client().write(400_000);
    assertThat(memory.hasRoomForReplays()).isFalse();
    for (int second = 0; second < 5; second++) {
      memory.tick();
      slow.drained++;
    }
    assertThat(stuck.isClosed).isTrue();
    assertThat(slow.isClosed).isFalse();
    assertThat(stuck.isCut || slow.isCut).isFalse();
    assertThat(stuck.closings).isEqualTo(1);
    assertThat(share.refusals()).isEqualTo(1);
    assertThat(share.usedBytes()).isEqualTo(memory.usedBytes());
    assertThat(writes.usedBytes()).isEqualTo(memory.usedOnHeap());
  }

  @Test
  void whoTakesALittleDoesNotKeepReplaysFromOthersForEver() {
    Client slow = rig.client().write(500_000);
    Client small = rig.client().write(300_000);
    for (int second = 0; second < 12; second++) {
      memory.tick();
      slow.drained++;
      small.drained++;
    }
    assertThat(slow.isClosed).isTrue();
    assertThat(small.isClosed).isFalse();
  }

  @Test
  void whatIsLargerThanTheLimitIsAllocatedAlone() {
    Client first = rig.client().write(1_000);
    rig.client().write(2 * LIMIT);
    assertThat(first.isCut).isTrue();
  }

  @Test
  void aPoolWithoutMemoryGetsSomeFromTheGreediest() {
    Client greedy = rig.client().write(200_000);
    Client modest = rig.client().write(100_000);
    pool.failures = 1;
    ByteBuf frames = memory.allocateShared(10, 2);
    assertThat(frames.capacity()).isEqualTo(10);
    assertThat(greedy.isCut).isTrue();
    assertThat(modest.isCut).isFalse();
  }

  @Test
  void whatThePoolRefusesForGoodIsNotCounted() {
    pool.failures = 2;
    try {
      memory.allocate(10);
    } catch (OutOfMemoryError e) {
      assertThat(memory.usedBytes()).isZero();
      assertThat(memory.usedOnHeap()).isZero();
      return;
    }
    throw new AssertionError("allocated");
  }
}
