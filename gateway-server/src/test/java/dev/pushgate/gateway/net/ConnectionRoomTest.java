package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.gateway.net.HttpLimits.Connections;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// More connections than there may be.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class ConnectionRoomTest {
  private static final String GET = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

  private final TestServer server;
  private final List<RawClient> open = new ArrayList<>();

  ConnectionRoomTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient client : open) {
      client.close();
    }
    server.close();
  }

  @Test
  void theOneThatHasBeenIdleForLongestMakesRoom() throws Exception {
    server.with(new Connections(4, 0, Duration.ZERO)).start();
    for (int i = 0; i < 4; i++) {
      assertThat(connected().send(GET).answer().status()).isEqualTo(200);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(connected().send(GET).answer().status()).isEqualTo(200);
      await().until(() -> server.allConnections() <= 4);
    }
    assertThat(open.getFirst().isAtEnd()).isTrue();
    assertThat(open.getLast().send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void connectionsCountAsMemoryAndTheAddressThatHasItsPartMakesRoomForItsOwn() throws Exception {
    int room = 11 * Connections.BYTES_OF_EACH;
    server
        .with(new Connections(100, 0, Duration.ZERO))
        .with(MemoryKind.CONNECTIONS, room, new MemoryParts(100, 100, 50))
        .start();
    int part = 4 * Connections.BYTES_OF_EACH; // half of the three quarters that HTTP has
    for (int i = 0; i < 4; i++) {
      assertThat(connected().send(GET).answer().status()).isEqualTo(200);
    }
    assertThat(server.held(MemoryKind.CONNECTIONS)).isEqualTo(part);
    assertThat(connected().send(GET).answer().status()).isEqualTo(200);
    assertThat(open.getFirst().isAtEnd()).isTrue();
    await().until(() -> server.held(MemoryKind.CONNECTIONS) == part);
    for (RawClient client : open) {
      client.close();
    }
    await().until(() -> server.held(MemoryKind.CONNECTIONS) == 0);
  }

  @Test
  void whoHasAskedSomethingStaysWhereOthersOnlyConnect() throws Exception {
    server.with(new Connections(8, 0, Duration.ZERO)).start();
    RawClient good = connected().send(GET);
    assertThat(good.answer().status()).isEqualTo(200);
    for (int i = 0; i < 40; i++) {
      connected();
    }
    assertThat(open.get(20).isAtEnd()).isTrue();
    assertThat(good.send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void onesThatSayNothingMakeRoomToo() throws Exception {
    server.with(new Connections(4, 0, Duration.ZERO)).start();
    for (int i = 0; i < 4; i++) {
      connected().send("GET / HT");
    }
    await().until(() -> server.allConnections() == 4);
    assertThat(connected().send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void onesThatSayNothingMakeRoomBeforeOnesThatWereAnswered() throws Exception {
    server.with(new Connections(4, 0, Duration.ZERO)).start();
    RawClient first = connected();
    RawClient second = connected();
    assertThat(first.send(GET).answer().status()).isEqualTo(200);
    assertThat(second.send(GET).answer().status()).isEqualTo(200);
    for (int i = 0; i < 20; i++) {
      connected();
      await().until(() -> server.allConnections() <= 4);
    }
    assertThat(first.send(GET).answer().status()).isEqualTo(200);
    assertThat(second.send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void whoWasAnsweredJustNowIsKeptAndTheNewcomerClosed() throws Exception {
    server.with(new Connections(2, 0, Duration.ofHours(1))).start();
    RawClient first = connected();
    RawClient second = connected();
    assertThat(first.send(GET).answer().status()).isEqualTo(200);
    assertThat(second.send(GET).answer().status()).isEqualTo(200);
    assertThat(isTurnedAway()).isTrue();
    assertThat(first.send(GET).answer().status()).isEqualTo(200);
    assertThat(second.send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void theNewcomerIsClosedWhenNoneIsIdle() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    server.api = request -> later;
    server.with(new Connections(4, 0, Duration.ZERO)).start();
    for (int i = 0; i < 4; i++) {
      connected().send(GET);
    }
    await().until(() -> server.requests.size() == 4);
    assertThat(isTurnedAway()).isTrue();
    assertThat(server.turnedAway.get()).isEqualTo(1);
    later.complete(TestServer.text(200, "later"));
    for (int i = 0; i < 4; i++) {
      assertThat(open.get(i).answer().status()).isEqualTo(200);
    }
  }

  @Test
  void anAddressHasSoManyAndItsOwnIdleOnesMakeRoom() throws Exception {
    server.with(new Connections(100, 3, Duration.ZERO)).start();
    for (int i = 0; i < 10; i++) {
      assertThat(connected().send(GET).answer().status()).isEqualTo(200);
      await().until(() -> server.openConnections() <= 3);
    }
    assertThat(open.getFirst().isAtEnd()).isTrue();
    assertThat(open.getLast().send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void anAddressOfWhichNoConnectionIsIdleHasNoMore() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    server.api = request -> later;
    server.with(new Connections(100, 3, Duration.ZERO)).start();
    for (int i = 0; i < 3; i++) {
      connected().send(GET);
    }
    await().until(() -> server.requests.size() == 3);
    assertThat(isTurnedAway()).isTrue();
    later.complete(TestServer.text(200, "later"));
    for (RawClient client : open) {
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void thoseThatWereOnlyToldSomethingDoNotLingerInCrowds() throws Exception {
    server.start();
    for (int i = 0; i < 400; i++) {
      assertThat(connected().send("NONSENSE\r\n\r\n").answer().status()).isEqualTo(400);
    }
    await().until(() -> server.allConnections() <= 2 * 128);
  }

  /// More than may be undecided at a time.
  @Test
  void howeverManyComeItGoesOnAccepting() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    server.api = request -> later;
    server.with(new Connections(4, 0, Duration.ZERO)).start();
    await()
        .until(
            () -> {
              connected().send(GET);
              return server.requests.size() >= 4;
            });
    for (int i = 0; i < 300; i++) {
      connected(); // it goes, or another that has asked for nothing
    }
    await().until(() -> server.allConnections() <= 10);
    later.complete(TestServer.text(200, "later"));
    for (int i = 0; i < 300; i++) {
      connected(); // each closes one that is idle
    }
    await().until(() -> server.allConnections() <= 10);
    assertThat(connected().send(GET).answer().status()).isEqualTo(200);
  }

  @Test
  void oneTooManyThatIsWorkedOnHasItsAnswerAndIsClosed() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    server.api = request -> later;
    server.with(new Connections(100, 2, Duration.ofHours(1))).start();
    int asked = 0;
    while (server.turnedAway.get() == 0) {
      RawClient client = connected().send(GET);
      int each = ++asked;
      await().until(() -> server.requests.size() == each || server.openConnections() < each);
      if (server.requests.size() < each) {
        asked--; // it was closed before it was heard
        client.close();
        open.remove(client);
      }
    }
    later.complete(TestServer.text(200, "later"));
    for (RawClient client : open) {
      assertThat(client.answer().status()).isEqualTo(200);
    }
    await().until(() -> server.openConnections() <= 2);
  }

  @Test
  void ofACrowdedAddressNoneIsKeptBehindItsAnswer() throws Exception {
    CompletableFuture<ApiResponse> later = new CompletableFuture<>();
    server.api = request -> later;
    server.with(new Connections(100, 2, Duration.ofHours(1))).start();
    for (int i = 0; i < 80; i++) {
      connected().send(GET);
    }
    await().until(() -> server.requests.size() + server.turnedAway.get() >= 40);
    later.complete(TestServer.text(200, "later"));
    await().until(() -> server.openConnections() <= 2 + 16);
  }

  @Test
  void aWebSocketIsNoHttpConnectionOfItsAddressButOneOfAll() throws Exception {
    server.upgrade = (TakeOver) (socket, request, address, id) -> HttpPipeline.detach(socket);
    server.with(new Connections(3, 1, Duration.ZERO)).start();
    for (int i = 1; i <= 2; i++) {
      connected().send("GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n");
      int each = i;
      await().until(() -> server.allConnections() == each && server.openConnections() == 0);
    }
    RawClient first = connected().send(GET);
    assertThat(first.answer().status()).isEqualTo(200);
    assertThat(connected().send(GET).answer().status()).isEqualTo(200);
    assertThat(first.isAtEnd()).isTrue();
    await().until(() -> server.allConnections() == 3);
  }

  @Test
  void whenTheSystemHasNoRoomIdleConnectionsGo() throws Exception {
    server.start();
    for (int i = 0; i < 2; i++) {
      assertThat(connected().send(GET).answer().status()).isEqualTo(200);
    }
    server.failToAccept();
    for (RawClient client : open) {
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(connected().send(GET).answer().status()).isEqualTo(200);
  }

  private RawClient connected() throws IOException {
    RawClient client = server.connect();
    open.add(client);
    return client;
  }

  private boolean isTurnedAway() throws IOException {
    try (RawClient client = server.connect()) {
      return client.isAtEnd();
    }
  }
}
