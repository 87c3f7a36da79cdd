package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Upgrades whose turn does not come yet: they take what they are counted for and no more, and go
/// when others need the room.
@ExtendWith(NoLeaks.class)
class WaitingUpgradesTest {
  private static final int MIB = 1 << 20;
  private static final int OF_EACH_CONNECTION = 1024;
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";

  private final TestServer server = new TestServer(Transport.best());
  private int heldBytes = 700;
  private final AtomicInteger upgraded = new AtomicInteger();
  private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
  private final List<WeakReference<HttpRequest>> requests = new CopyOnWriteArrayList<>();
  private final List<RawClient> open = new ArrayList<>();

  private final class Waits implements WebSocketUpgrade {
    @Override
    public Pending pending(
        Channel socket, HttpRequest request, String remoteAddress, String requestId) {
      requests.add(new WeakReference<>(request));
      return new Pending() {
        @Override
        public int heldBytes() {
          return heldBytes;
        }

        @Override
        public void inTurn(Runnable task) {
          waiting.add(task);
        }

        @Override
        public void cancel(Runnable task) {
          waiting.remove(task);
        }

        @Override
        public void upgrade() {
          upgraded.incrementAndGet();
          HttpPipeline.detach(socket);
        }
      };
    }
  }

  @BeforeEach
  void waits() {
    server.upgrade = new Waits();
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient client : open) {
      client.close();
    }
    server.close();
    assertThat(waiting).isEmpty();
    assertThat(server.held(MemoryKind.HEADS)).isZero();
  }

  private RawClient connected() throws IOException {
    RawClient client = server.connect();
    open.add(client);
    return client;
  }

  @Test
  void thereAreNoMoreOfThemThanConnections() throws Exception {
    server.with(new HttpLimits.Connections(2, 0, Duration.ZERO)).start();
    fill(2);
    assertThat(connected().send(UPGRADE + "\r\n").isAtEnd()).isTrue();
    await().until(() -> waiting.size() == 2 && server.openConnections() == 2);
    assertThat(server.turnedAway).hasValue(1);
  }

  @Test
  void anAddressHasNoMoreOfThemThanItsPartOfTheMemory() throws Exception {
    server.with(MemoryKind.CONNECTIONS, 40 * 3072, new MemoryParts(100, 100, 50)).start();
    fill(15); // of the three quarters that HTTP has
    assertThat(connected().send(UPGRADE + "\r\n").isAtEnd()).isTrue();
    await().until(() -> waiting.size() == 15 && server.openConnections() == 15);
  }

  @Test
  void asWebSocketsTheyAreNoHttpConnectionsOfTheirAddress() throws Exception {
    server.with(new HttpLimits.Connections(100, 1, Duration.ZERO)).start();
    fill(3);
    assertThat(server.openConnections()).isEqualTo(3);
  }

  private void fill(int upgrades) throws IOException {
    for (int i = 1; i <= upgrades; i++) {
      int each = i;
      connected().send(UPGRADE + "\r\n");
      await().until(() -> waiting.size() == each);
    }
  }

  @Test
  void nothingOfTheRequestIsKeptButWhatIsCounted() throws Exception {
    heldBytes = 10_000;
    server.with(MemoryKind.HEADS, MIB, new MemoryParts(100, 100, 50)).start();
    String behind = "behind".repeat(500);
    connected().send(UPGRADE + "X: " + "b".repeat(15_000) + "\r\n\r\n" + behind);
    await().until(() -> waiting.size() == 1);
    // Of what came behind it some may have been read with it.
    int least = heldBytes - OF_EACH_CONNECTION;
    await()
        .untilAsserted(
            () ->
                assertThat(server.held(MemoryKind.HEADS))
                    .isBetween((long) least, least + (long) behind.length()));
    await()
        .until(
            () -> {
              System.gc();
              return requests.getFirst().get() == null;
            });
  }

  @Test
  void whatWaitsTakesThePartOfItsAddressAndMoreIsUpgradedAtOnce() throws Exception {
    heldBytes = 20_000;
    server.with(MemoryKind.HEADS, MIB, new MemoryParts(100, 100, 50)).start();
    for (int i = 1; i <= 40; i++) {
      int each = i;
      connected().send(UPGRADE + "\r\n");
      await().until(() -> waiting.size() + upgraded.get() == each);
    }
    assertThat(waiting).hasSize(MIB / 2 / (heldBytes - OF_EACH_CONNECTION));
    assertThat(server.held(MemoryKind.HEADS)).isLessThanOrEqualTo(MIB / 2);
  }

  @Test
  void whatHasComeBehindItCountsToo() throws Exception {
    heldBytes = 20_000;
    server.with(MemoryKind.HEADS, 100_000, new MemoryParts(100, 100, 50)).start();
    fill(1);
    connected().send(UPGRADE + "\r\n" + "b".repeat(30_000)).socket().shutdownOutput();
    await().until(() -> upgraded.get() == 1);
    assertThat(waiting).hasSize(1);
  }

  @Test
  void whoseTurnDoesNotComeInTimeIsTold() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    server.with(new HttpLimits.Times(minute, Duration.ofMillis(50), minute)).start();
    assertThat(connected().send(UPGRADE + "\r\n").answer().status()).isEqualTo(503);
    assertThat(waiting).isEmpty();
  }
}
