package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What heads may take together, and which of them go when there is no room for another.
@ExtendWith(NoLeaks.class)
class HeadRoomTest {
  private static final int MIB = 1 << 20;
  private static final int LARGE = 40_000;
  private static final MemoryHolder GOOD = at("192.0.2.1");
  private static final MemoryHolder GREEDY = at("192.0.2.2");

  private final MemoryShare share =
      new MemoryShare(MemoryKind.HEADS, MIB, new MemoryParts(100, 100, 50));
  private long nanoTime;
  private final HeadRoom room = new HeadRoom(share, () -> nanoTime += 1_000_000_000);
  private final List<HeadRoom.Head> givenUp = new ArrayList<>();

  private static MemoryHolder at(String address) {
    return new MemoryHolder(null, null, address);
  }

  private HeadRoom.Head head(MemoryHolder holder) {
    HeadRoom.Head[] made = new HeadRoom.Head[1];
    made[0] = room.head(holder, () -> givenUp.add(made[0]));
    return made[0];
  }

  private List<HeadRoom.Head> fill(MemoryHolder holder, int bytes) {
    List<HeadRoom.Head> taken = new ArrayList<>();
    HeadRoom.Head next = head(holder);
    while (next.holds(bytes)) {
      taken.add(next);
      next = head(holder);
    }
    return taken;
  }

  @Test
  void anAddressHasItsPartAndItsEqualsDoNotDriveEachOtherOut() {
    List<HeadRoom.Head> all = fill(GREEDY, LARGE);
    assertThat(share.usedBytes()).isBetween(MIB / 2L - LARGE, MIB / 2L);
    assertThat(givenUp).isEmpty();
    assertThat(head(GOOD).holds(LARGE)).isTrue();
    assertThat(givenUp).isEmpty();
    all.forEach(HeadRoom.Head::end);
    assertThat(share.usedBytes()).isEqualTo(LARGE - 1024);
  }

  @Test
  void ofACrowdedAddressTheLargestMakesRoomForASmallerOne() {
    fill(GREEDY, LARGE);
    assertThat(head(GREEDY).holds(LARGE / 2)).isTrue();
    assertThat(givenUp).hasSize(1);
  }

  @Test
  void whenAllIsUsedUpTheAddressThatHasMostMakesRoomWhateverItsHeadsAreLike() {
    fill(GREEDY, 6_000);
    fill(at("192.0.2.3"), 6_000);
    assertThat(head(GOOD).holds(LARGE)).isTrue();
    assertThat(givenUp).hasSizeGreaterThan(5);
  }

  @Test
  void whoseRequestIsWorkedOnKeepsItsHead() {
    List<HeadRoom.Head> all = fill(GREEDY, LARGE);
    all.forEach(HeadRoom.Head::asked);
    assertThat(head(GREEDY).holds(LARGE / 2)).isFalse();
    assertThat(givenUp).isEmpty();
    HeadRoom.Head first = all.getFirst();
    first.next();
    assertThat(first.holds(LARGE)).isTrue();
    assertThat(head(GREEDY).holds(LARGE / 2)).isTrue();
    assertThat(givenUp).containsExactly(first);
  }

  @Test
  void anOrdinaryHeadIsNeverRefused() {
    assertThat(share.take(MemoryHolder.NODE, MIB)).isTrue();
    assertThat(head(GOOD).holds(5 * 1024)).isTrue();
    assertThat(head(GOOD).holds(5 * 1024 + 1)).isFalse();
  }

  @Test
  void unfinishedHeadsOfOneAddressTakeItsPartAndNoMore() throws Exception {
    try (TestServer server = new TestServer(Transport.best())) {
      server.with(MemoryKind.HEADS, MIB, new MemoryParts(100, 100, 50)).start();
      List<RawClient> open = new ArrayList<>();
      String head = "GET /" + "a".repeat(15_000) + " HTTP/1.1\r\nHost: h\r\nX: ";
      for (int i = 0; i < 60; i++) {
        RawClient client = server.connect();
        open.add(client.send(head + "b".repeat(10_000)));
      }
      await().until(() -> server.limits.memory().share(MemoryKind.HEADS).refusals() > 0);
      assertThat(server.held(MemoryKind.HEADS)).isLessThanOrEqualTo(MIB / 2);
      // One whose own head is small passes beside them.
      try (RawClient client = server.connect()) {
        client.send("GET /x HTTP/1.1\r\nHost: h\r\nX: " + "b".repeat(2_000) + "\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(200);
      }
      for (RawClient client : open) {
        client.close();
      }
      await().until(() -> server.openConnections() == 0);
      await().until(() -> server.held(MemoryKind.HEADS) == 0);
    }
  }

  @Test
  void whatWaitsForItsAnswerWasHeldBeforeItWasAskedFor() throws Exception {
    try (TestServer server = new TestServer(Transport.best())) {
      server.with(MemoryKind.HEADS, MIB, new MemoryParts(100, 100, 50));
      server.api = request -> new CompletableFuture<>();
      server.start();
      String head = "GET /" + "a".repeat(15_000) + " HTTP/1.1\r\nHost: h\r\n";
      List<RawClient> open = new ArrayList<>();
      for (int i = 1; i <= 30; i++) {
        int each = i;
        RawClient client = server.connect();
        open.add(client.send(head + "X: " + "b".repeat(10_000) + "\r\n\r\n"));
        await().until(() -> server.requests.size() == each || server.openConnections() < each);
      }
      assertThat(server.requests).hasSizeBetween(4, 8);
      assertThat(server.held(MemoryKind.HEADS)).isLessThanOrEqualTo(MIB / 2);
      for (RawClient client : open) {
        client.close();
      }
    }
  }
}
