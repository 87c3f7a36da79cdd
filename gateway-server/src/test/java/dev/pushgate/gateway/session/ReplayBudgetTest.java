package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.shard.OutboundMemory;
import dev.pushgate.core.shard.OutboundQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Time passes only when a test says so.
class ReplayBudgetTest {
  private static final int REPLAY = 30_000;
  private static final long MEMORY = 20 * 65_536;
  private static final MemoryHolder CROWD = new MemoryHolder(new AppId("a"), "key", "192.0.2.1");
  private static final MemoryHolder OTHER = new MemoryHolder(new AppId("a"), "key", "192.0.2.2");

  private final OutboundMemory memory =
      new OutboundMemory(
          ByteBufAllocator.DEFAULT, TestLimits.memory(MemoryKind.OUTBOUND, MEMORY), 1);
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final List<Client> clients = new ArrayList<>();
  private ReplayBudget budget = budget(0);
  private long nanos;

  private ReplayBudget budget(long bytesPerSecond) {
    return new ReplayBudget(
        memory,
        (task, _) -> later.add(task),
        () -> nanos,
        bytesPerSecond,
        new MemoryParts(90, 75, 50));
  }

  /// Asks for a replay, and takes nothing of it until it is told to.
  private final class Client implements OutboundQueue {
    private final MemoryHolder holder;
    private final ReplayPlace place;
    private @Nullable ByteBuf replay;
    private long drained;
    boolean isServed;
    boolean isCut;

    Client(MemoryHolder holder) {
      this.holder = holder;
      this.place =
          new ReplayPlace(
              this,
              budget,
              new ReplayRate(0, 0),
              () -> nanos,
              (task, _) -> later.add(task),
              this::ask);
      clients.add(this);
      ask();
    }

    private void ask() {
      if (isServed || isCut) {
        return;
      }
      if (!place.mayBegin()) {
        place.await();
        return;
      }
      place.begins();
      isServed = true;
      replay = memory.allocate(REPLAY);
      memory.flushed(this);
      place.gave(REPLAY);
    }

    void takesAll() {
      if (replay != null) {
        memory.taken(replay.capacity());
        replay.release();
        replay = null;
        drained += REPLAY;
        place.taken(REPLAY);
      }
    }

    @Override
    public MemoryHolder holder() {
      return holder;
    }

    @Override
    public long pendingBytes() {
      return replay == null ? 0 : REPLAY;
    }

    @Override
    public int ownWrites() {
      return replay == null ? 0 : 1;
    }

    @Override
    public int sharedWrites() {
      return 0;
    }

    @Override
    public long drainedBytes() {
      return drained;
    }

    @Override
    public void closeSlow() {}

    @Override
    public void cut() {
      isCut = true;
      takesAll();
      place.close();
    }
  }

  @AfterEach
  void nothingIsHeld() {
    clients.forEach(Client::takesAll);
    assertThat(memory.hasRoomForReplays(MEMORY * 3 / 4)).isTrue();
  }

  @Test
  void anAddressHasItsPartOfTheMemoryAndWhoAsksForLittleIsServedNext() {
    crowd(100);
    assertThat(served()).isBetween(10L, 25L);
    Client other = new Client(OTHER);
    assertThat(other.isServed).isFalse(); // its turn comes
    look();
    assertThat(other.isServed).isTrue();
    assertThat(clients).noneMatch(client -> client.isCut);
  }

  @Test
  void whoTakesNothingMakesRoomForThoseWhoWait() {
    crowd(100);
    long first = served();
    nanos += Duration.ofSeconds(1).toNanos();
    look();
    assertThat(clients).filteredOn(client -> client.isCut).hasSize((int) first);
    assertThat(served()).isEqualTo(2 * first);
  }

  @Test
  void whoTakesWhatItAskedForIsNotCutAndAllAreServedInOrder() {
    crowd(100);
    for (int i = 0; i < 100 && served() < 100; i++) {
      clients.stream().filter(client -> client.isServed).forEach(Client::takesAll);
      nanos += Duration.ofSeconds(1).toNanos();
      look();
      long servedNow = served();
      assertThat(clients.subList(0, (int) servedNow)).allMatch(client -> client.isServed);
    }
    assertThat(served()).isEqualTo(100);
    assertThat(clients).noneMatch(client -> client.isCut);
  }

  @Test
  void reconnectingBringsNoMoreThanTheRateOfAnAddress() {
    budget = budget(20 * REPLAY);
    for (int second = 0; second < 10; second++) {
      for (int i = 0; i < 100; i++) {
        new Client(CROWD).takesAll(); // gone, and here again
      }
      look();
      nanos += Duration.ofSeconds(1).toNanos();
      clients.forEach(Client::takesAll);
    }
    // Ten in a second, and ten at once in the beginning.
    assertThat(served()).isBetween(80L, 125L);
    Client other = new Client(OTHER);
    look();
    assertThat(other.isServed).isTrue();
  }

  private void crowd(int count) {
    for (int i = 0; i < count; i++) {
      new Client(CROWD);
    }
    look();
  }

  private long served() {
    return clients.stream().filter(client -> client.isServed).count();
  }

  private void look() {
    for (int i = later.size(); i > 0; i--) {
      later.removeFirst().run();
    }
  }
}
