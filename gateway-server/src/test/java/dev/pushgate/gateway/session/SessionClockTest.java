package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.TokenRequest;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.SettableClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What sessions do when the clock is set. They are pinged so seldom that nothing else looks at
/// them.
@ExtendWith(NoLeaks.class)
class SessionClockTest {
  private static final SessionLimits.Times SELDOM =
      new SessionLimits.Times(
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofSeconds(5),
          TestLimits.TURNS,
          TestLimits.LEAVING,
          TestLimits.MESSAGE);

  private final SettableClock clock = new SettableClock();
  private final TestGateway gateway = new TestGateway(TestLimits.with(SELDOM), clock);

  @AfterEach
  void stop() {
    gateway.close();
  }

  private SocketClient connect(Duration ttl) {
    return gateway.connect(gateway.token(new TokenRequest("me", "ann", ttl, null, null)));
  }

  private void setForward(Duration step) {
    clock.advance(step);
    gateway.sessions.clockWasSet();
  }

  @Test
  void aClockThatJumpsPastATokensEndEndsItsSessionAndNoOther() {
    try (SocketClient client = connect(Duration.ofHours(1));
        SocketClient longer = connect(Duration.ofHours(3))) {
      setForward(Duration.ofHours(2));
      assertThat(client.next()).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(client.next()).isEqualTo("close 4010 token or key expired or revoked");
      longer.text("{\"type\":\"ping\"}");
      assertThat(longer.next()).startsWith("{\"type\":\"pong\"");
    }
  }

  @Test
  void aClockThatJumpsShortlyBeforeATokensEndWarnsOfItInTime() {
    try (SocketClient client = connect(Duration.ofHours(1))) {
      setForward(Duration.ofMinutes(59).plusSeconds(45));
      assertThat(client.next()).isEqualTo("{\"type\":\"token_expiring\"}");
    }
  }

  /// The session whose token ends is looked at behind the one that says goodbye.
  @Test
  void aClockThatIsSetHurriesNoGoodbye() {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    gateway.otherRelay =
        request -> {
          asked.incrementAndGet();
          return goOn.thenCompose(_ -> gateway.engine.relay().publish(request));
        };
    String publish = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":1}";
    try (SocketClient leaving = gateway.connect(gateway.secretKey.reveal());
        SocketClient expiring = connect(Duration.ofHours(1))) {
      leaving.send(new ClientBytes().text(publish).text(publish).close(1000, "").bytes());
      await().until(() -> asked.get() == 2);
      setForward(Duration.ofHours(2));
      assertThat(expiring.nextWith("close")).startsWith("close 4010");
      goOn.complete(null);
      assertThat(leaving.next()).contains("\"published\"");
      assertThat(leaving.next()).contains("\"published\"");
      assertThat(leaving.next()).isEqualTo("close 1000");
    }
  }

  @Test
  void aClockThatIsSetBackEndsNobody() {
    try (SocketClient client = connect(Duration.ofHours(1))) {
      setForward(Duration.ofHours(-2));
      client.text("{\"type\":\"ping\"}");
      assertThat(client.next()).startsWith("{\"type\":\"pong\"");
    }
  }
}
