package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.gateway.net.HttpLimits.LeastRate;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that do something, but hardly anything. All deadlines are minutes away.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class LeastRateTest {
  private static final Duration WINDOW = Duration.ofMillis(300);

  private final TestServer server;

  LeastRateTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aBodyThatDripsInIsCutOff() throws Exception {
    server.with(new LeastRate(1_000_000, WINDOW)).start();
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
      Thread drip = Thread.ofVirtual().start(() -> drip(client));
      assertThat(client.answer().status()).isEqualTo(408);
      client.close();
      drip.join();
    }
    await().until(() -> server.openConnections() == 0);
    assertThat(server.held(MemoryKind.BODIES)).isZero();
  }

  @Test
  void whoKeepsUpTheRateHasTheWholeTime() throws Exception {
    // A byte in each second: many windows' worth of them, and a busy machine may pause for one.
    server.with(new LeastRate(1, Duration.ofSeconds(1))).start();
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 25\r\n\r\n");
      for (int i = 0; i < 25; i++) {
        client.send("b");
        Thread.sleep(100);
      }
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerThatIsNotReadIsDroppedAndGivenBack() throws Exception {
    server.api =
        request -> CompletableFuture.completedStage(TestServer.text(200, "x".repeat(20_000_000)));
    server.with(new LeastRate(1_000, WINDOW)).start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await().until(() -> server.requests.size() == 1);
      await().until(() -> server.openConnections() == 0);
      assertThat(server.held(MemoryKind.ANSWERS)).isZero();
    }
  }

  /// Else it would be sent, for all that is known here, and nobody would ask whether it is taken.
  @Test
  void anAnswerThatTheSystemCouldBufferIsNotSentBeforeTheClientTakesIt() throws Exception {
    int bytes = 1_000_000;
    server.api =
        request -> CompletableFuture.completedStage(TestServer.text(200, "x".repeat(bytes)));
    server.with(new LeastRate(1_000, WINDOW)).withSocketBytes(16 * 1024).start();
    try (RawClient client = server.connectWithWindow(4096)) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await().until(() -> server.requests.size() == 1);
      await().until(() -> server.openConnections() == 0);
      assertThat(server.held(MemoryKind.ANSWERS)).isZero();
    }
  }

  private static void drip(RawClient client) {
    try {
      while (true) {
        client.send("b");
        Thread.sleep(10);
      }
    } catch (IOException | InterruptedException e) {
      // The server hung up, which is what the test waits for.
    }
  }
}
