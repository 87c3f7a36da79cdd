package dev.pushgate.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.shard.OutboundRig.Client;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the writes of shared buffers take on the heap is counted as they come, not later.
class OutboundWritesTest {
  private static final int ON_HEAP = OutboundRig.ON_HEAP;

  /// How many writes there is room for, about.
  private static final int ROOM = ON_HEAP / ObjectCosts.SHARED_WRITE;

  private final OutboundRig rig = new OutboundRig();
  private final OutboundMemory memory = rig.memory;

  private List<Client> clients(int count) {
    return Stream.generate(rig::client).limit(count).toList();
  }

  /// As a fan-out does it; those who are ready take it at once.
  private void fanOut(List<Client> unread, int ready) {
    ByteBuf frames = memory.allocateShared(10, unread.size() + ready);
    unread.forEach(client -> client.take(frames));
    memory.walked(frames);
  }

  @Test
  void aBurstToManyWhoDoNotReadStaysWithinTheLimitAllTheTime() {
    List<Client> unread = clients(ROOM / 10);
    for (int message = 0; message < 100; message++) {
      fanOut(unread, 0);
      assertThat(memory.usedOnHeap()).isLessThanOrEqualTo(ON_HEAP);
      assertThat(waiting(unread) * ObjectCosts.SHARED_WRITE).isLessThanOrEqualTo(ON_HEAP);
      memory.settle();
    }
    List<Client> cut = unread.stream().filter(client -> client.isCut).toList();
    assertThat(cut).hasSizeGreaterThan(unread.size() / 2);
    assertThat(rig.writes.refusals()).isEqualTo(cut.size());
    assertThat(rig.share.refusals()).isZero();
  }

  @Test
  void thoseWhoAllFallBehindInOneTurnAreMadeRoomForWhenItEnds() {
    List<Client> unread = clients(2 * ROOM);
    fanOut(unread, 0);
    memory.settle();
    assertThat(memory.usedOnHeap()).isBetween(ON_HEAP / 2L, (long) ON_HEAP);
    assertThat(waiting(unread) * ObjectCosts.SHARED_WRITE).isLessThanOrEqualTo(ON_HEAP);
  }

  @Test
  void readyOnesCountNothingAndCutNobodyHoweverManyTheyAre() {
    Client slow = rig.client();
    for (int message = 0; message < ROOM / 2; message++) {
      fanOut(List.of(slow), 100 * ROOM);
    }
    memory.settle();
    assertThat(slow.isCut).isFalse();
    assertThat(waiting(List.of(slow))).isEqualTo(ROOM / 2);
    assertThat(memory.usedOnHeap()).isLessThan(ON_HEAP);
  }

  @Test
  void whatWasTakenSinceIsSeenBeforeAnybodyIsCut() {
    List<Client> slow = clients(ROOM / 10);
    for (int message = 0; message < 100; message++) {
      fanOut(slow, 0);
      slow.forEach(Client::takesAll);
    }
    assertThat(slow).noneMatch(client -> client.isCut);
    assertThat(rig.writes.refusals()).isZero();
  }

  @Test
  void whoHasMostWritesGoesAndNotWhoHasMostBytes() {
    MemoryHolder crowd = new MemoryHolder(new AppId("a"), "key", "192.0.2.1");
    MemoryHolder other = new MemoryHolder(new AppId("a"), "user", "192.0.2.2");
    Client large = rig.client(other).write(400_000);
    Client flooded = rig.client(crowd);
    Client ready = rig.client(crowd);
    for (int message = 0; message <= ROOM; message++) {
      fanOut(List.of(flooded), 1);
    }
    assertThat(flooded.isCut).isTrue();
    assertThat(large.isCut || ready.isCut).isFalse();
  }

  /// For a replay is few writes, and whoever reads no answers could keep it from all others.
  @Test
  void nearTheLimitReplaysGoOnAndWhoTakesNothingIsClosed() {
    Client stuck = rig.client();
    Client slow = rig.client();
    for (int message = 0; message < ROOM * 3 / 10; message++) {
      fanOut(List.of(stuck, slow), 0);
    }
    assertThat(memory.usedOnHeap()).isGreaterThan(ON_HEAP * 3 / 4);
    assertThat(memory.hasRoomForReplays()).isTrue();
    for (int second = 0; second < 5; second++) {
      memory.tick();
      slow.drained++;
    }
    assertThat(stuck.isClosed).isTrue();
    assertThat(slow.isClosed).isFalse();
    assertThat(rig.writes.refusals()).isEqualTo(1);
    assertThat(rig.writes.usedBytes()).isEqualTo(memory.usedOnHeap());
  }

  /// Or whoever fills it up again at once would keep all others short without an end.
  @Test
  void whenRoomIsMadeItIsSoMuchThatNobodyHasToBeClosed() {
    List<Client> unread = clients(ROOM / 10);
    while (unread.stream().noneMatch(client -> client.isCut)) {
      fanOut(unread, 0);
      memory.settle();
    }
    assertThat(memory.usedOnHeap()).isBetween(ON_HEAP / 2L, ON_HEAP * 3L / 4);
    int written = 0;
    for (Client other = rig.client(); written < ON_HEAP / 8 / ObjectCosts.OWN_WRITE; written++) {
      other.write(10);
    }
    for (int second = 0; second < 5; second++) {
      memory.tick();
    }
    assertThat(unread).noneMatch(client -> client.isClosed);
  }

  /// A walk over all of them for every few who are cut would hold up the loop.
  @Test
  void whileManyAreCutTheBuffersAreLookedAtAFewTimesOnly() {
    List<Client> unread = new ArrayList<>();
    long before = 0;
    while (unread.stream().noneMatch(client -> client.isCut)) {
      unread.add(rig.client());
      before = rig.pool.looks;
      fanOut(List.of(unread.getLast()), 0);
    }
    memory.settle();
    long cut = unread.stream().filter(client -> client.isCut).count();
    assertThat(cut).isGreaterThan(200);
    assertThat(rig.pool.looks - before).isLessThan(10L * unread.size());
  }

  @Test
  void withTheLastThatWasBehindTheBuffersGo() {
    Client slow = rig.client();
    for (int message = 0; message < 100; message++) {
      fanOut(List.of(slow), 0);
    }
    memory.settle();
    slow.takesAll();
    memory.flushed(slow);
    rig.checkNothingIsHeld();
  }

  @Test
  void nothingIsHeldWhenAllHaveTakenTheirsOrAreGone() {
    List<Client> all = new ArrayList<>(clients(40));
    Collections.addAll(all, rig.client().write(100), rig.client().write(200));
    fanOut(all, 0);
    fanOut(all, 0);
    memory.settle();
    for (int i = 0; i < all.size(); i++) {
      Client client = all.get(i);
      if (i % 2 == 0) {
        memory.cutForRoom(client);
      } else if (i % 3 == 0) {
        client.takesAll();
        memory.left(client);
      } else {
        client.takesAll();
        memory.flushed(client);
      }
    }
    memory.settle();
    memory.tick();
    rig.checkNothingIsHeld();
    assertThat(rig.share.usedBytes() + rig.writes.usedBytes()).isZero();
  }

  /// As of a socket that is just closing: what it says last of its writes need not be true.
  @Test
  void withAWatchGoWhatItCountedAlsoWhenWritesWithoutBytesAreLeft() {
    Client slow = rig.client();
    ByteBuf frames = memory.allocateShared(10, 1);
    slow.take(frames);
    memory.walked(frames);
    slow.saysNothingWaits = true;
    memory.tick();
    slow.takesAll();
    memory.left(slow);
    memory.settle();
    rig.checkNothingIsHeld();
  }

  private static long waiting(List<Client> clients) {
    return clients.stream().mapToLong(client -> client.shared.size()).sum();
  }
}
