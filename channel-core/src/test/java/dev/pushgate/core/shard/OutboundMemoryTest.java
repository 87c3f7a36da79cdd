package dev.pushgate.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundMemoryTest {
  private static final int LIMIT = 1 << 20;

  /// Says that there is no memory when it is told to. Heap memory stands in for direct memory.
  private static final class Pool extends AbstractByteBufAllocator {
    int failures;

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      if (failures > 0) {
        failures--;
        throw new OutOfMemoryError("the test says so");
      }
      return newHeapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  private final Pool pool = new Pool();
  private final MemoryShare share = MemoryBudget.unlimited().share(MemoryKind.OUTBOUND);
  private final OutboundMemory memory = new OutboundMemory(pool, share, LIMIT);

  /// A client that takes nothing until it is told to.
  private final class Client implements OutboundQueue {
    final List<ByteBuf> own = new ArrayList<>();
    final List<ByteBuf> shared = new ArrayList<>();
    boolean isCut;
    boolean isClosed;
    int closings;
    long drained;
    private final MemoryHolder holder;

    Client() {
      this(MemoryHolder.NODE);
    }

    Client(MemoryHolder holder) {
      this.holder = holder;
    }

    @Override
    public MemoryHolder holder() {
      return holder;
    }

    Client write(int bytes) {
      own.add(memory.allocate(bytes));
      memory.behind(this);
      return this;
    }

    Client take(ByteBuf frames) {
      shared.add(frames.retainedDuplicate());
      memory.behind(this);
      return this;
    }

    void takesAll() {
      drained += pendingBytes();
      own.forEach(
          buffer -> {
            memory.taken(buffer.capacity());
            buffer.release();
          });
      shared.forEach(ByteBuf::release);
      own.clear();
      shared.clear();
    }

    @Override
    public long pendingBytes() {
      return own.stream().mapToLong(ByteBuf::capacity).sum()
          + shared.stream().mapToLong(ByteBuf::capacity).sum();
    }

    @Override
    public int pendingWrites() {
      return own.size() + shared.size();
    }

    @Override
    public long drainedBytes() {
      return drained;
    }

    @Override
    public void closeSlow() {
      isClosed = true;
      closings++;
    }

    @Override
    public void cut() {
      isCut = true;
      takesAll();
    }
  }

  @Test
  void aSharedBufferIsGivenBackAtOnceWhenAllHaveTakenIt() {
    ByteBuf frames = memory.allocate(1_000);
    assertThat(memory.used()).isGreaterThanOrEqualTo(1_000);
    memory.walked(frames);
    assertThat(memory.used()).isZero();
    assertThat(frames.refCnt()).isZero();
  }

  @Test
  void aSharedBufferCountsOnceUntilTheLastHasTakenIt() {
    ByteBuf frames = memory.allocate(100_000);
    long one = memory.used();
    Client slow = new Client().take(frames);
    Client slower = new Client().take(frames);
    memory.walked(frames);
    memory.settle();
    assertThat(memory.used()).isEqualTo(one);
    slow.takesAll();
    memory.settle();
    assertThat(memory.used()).isEqualTo(one);
    slower.takesAll();
    memory.settle();
    assertThat(memory.used()).isZero();
    assertThat(frames.refCnt()).isZero();
  }

  @Test
  void whenTheLastOneLeavesNothingIsHeld() {
    Client slow = new Client();
    for (int i = 0; i < 100; i++) {
      ByteBuf frames = memory.allocate(100);
      slow.take(frames);
      memory.walked(frames);
    }
    memory.settle();
    slow.takesAll();
    memory.left(slow);
    assertThat(memory.used()).isZero();
  }

  @Test
  void atTheLimitThoseAreCutWhoHaveMostAndNobodyElse() {
    Client greedy = new Client().write(300_000).write(300_000);
    Client modest = new Client().write(100_000);
    Client quick = new Client();
    quick.write(300_000);
    quick.takesAll();
    quick.write(400_000);
    assertThat(greedy.isCut).isTrue();
    assertThat(modest.isCut).isFalse();
    assertThat(quick.isCut).isFalse();
    assertThat(memory.used()).isLessThan(LIMIT);
    assertThat(share.refusals()).isEqualTo(1);
  }

  @Test
  void manyThatHaveALittleForOneAddressGoBeforeOneThatHasMuch() {
    MemoryHolder innocent = new MemoryHolder(new AppId("a"), "key", "192.0.2.1");
    MemoryHolder other = new MemoryHolder(new AppId("a"), "user:other", "192.0.2.1");
    MemoryHolder crowd = new MemoryHolder(new AppId("a"), "key", "192.0.2.2");
    Client slow = new Client(innocent).write(200_000);
    Client behindTheSameAddress = new Client(other).write(100_000);
    List<Client> many = new ArrayList<>();
    while (many.stream().noneMatch(one -> one.isCut)) {
      many.add(new Client(crowd).write(30_000));
    }
    for (int i = 0; i < 100; i++) {
      many.add(new Client(crowd).write(30_000));
    }
    assertThat(slow.isCut).isFalse();
    assertThat(behindTheSameAddress.isCut).isFalse();
    assertThat(many).filteredOn(one -> one.isCut).hasSizeGreaterThan(90);
  }

  @Test
  void noMoreThanTheLimitIsEverAllocated() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(new Client().write(50_000 + 100 * i));
      assertThat(memory.used()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(clients).filteredOn(client -> client.isCut).hasSizeGreaterThan(150);
    assertThat(clients.getLast().isCut).isFalse();
  }

  @Test
  void manySmallFramesCountWithWhatTheyCostOnTheHeap() {
    Client client = new Client();
    for (int i = 0; i < LIMIT / 200 && !client.isCut; i++) {
      client.write(10);
    }
    assertThat(client.isCut).isTrue();
  }

  @Test
  void theWritesOfASharedBufferCountToo() {
    ByteBuf frames = memory.allocate(10);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      clients.add(new Client().take(frames));
    }
    memory.walked(frames);
    memory.settle();
    assertThat(memory.hasRoomForReplays()).isTrue();
    memory.tick();
    assertThat(memory.hasRoomForReplays()).isFalse();
    clients.forEach(Client::takesAll);
    memory.tick();
    assertThat(memory.used()).isZero();
  }

  @Test
  void beforeTheLimitWhoTakesNothingIsClosedAndWhoTakesALittleIsNot() {
    Client stuck = new Client().write(400_000);
    Client slow = new Client().write(400_000);
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
    assertThat(share.usedBytes()).isEqualTo(memory.used());
  }

  @Test
  void whoTakesALittleDoesNotKeepReplaysFromOthersForEver() {
    Client slow = new Client().write(500_000);
    Client small = new Client().write(300_000);
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
    Client first = new Client().write(1_000);
    new Client().write(2 * LIMIT);
    assertThat(first.isCut).isTrue();
  }

  @Test
  void aPoolWithoutMemoryGetsSomeFromTheGreediest() {
    Client greedy = new Client().write(200_000);
    Client modest = new Client().write(100_000);
    pool.failures = 1;
    ByteBuf frames = memory.allocate(10);
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
      assertThat(memory.used()).isZero();
      return;
    }
    throw new AssertionError("allocated");
  }
}
