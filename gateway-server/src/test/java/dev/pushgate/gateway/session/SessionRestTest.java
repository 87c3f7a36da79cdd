package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What was read behind commands that have to wait for their turn is looked at in its time.
@ParameterizedClass
@EnumSource
@ExtendWith(NoLeaks.class)
class SessionRestTest {
  /// More than are carried out in a round, less than is read at once.
  private static final int MANY = 25;

  private final Transport transport;
  private TestGateway gateway;

  SessionRestTest(Transport transport) {
    this.transport = transport;
    this.gateway = new TestGateway(TestLimits.GENEROUS, transport);
  }

  private SocketClient connect() {
    return gateway.connect(gateway.secretKey.reveal());
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static ClientBytes many() {
    ClientBytes bytes = new ClientBytes();
    for (int i = 0; i < MANY; i++) {
      bytes.text("{\"type\":\"unsubscribe\",\"channel\":\"c\",\"ref\":\"" + i + "\"}");
    }
    return bytes;
  }

  private static void assertManyAreAnswered(SocketClient client) {
    for (int i = 0; i < MANY; i++) {
      assertThat(client.next()).contains("\"ref\":\"" + i + "\"");
    }
  }

  private static void assertHears(SocketClient client) {
    client.send(new ClientBytes().ping("there?").bytes());
    assertThat(client.next()).isEqualTo("pong there?");
  }

  @Test
  void whatComesRightBehindTheHandshakeIsCarriedOutAndTheClientIsHeardOn() {
    try (SocketClient client = new SocketClient(gateway.port)) {
      client.handshake("/ws?token=" + gateway.publishKey.reveal(), many().bytes());
      assertThat(client.next()).contains("\"connected\"");
      assertManyAreAnswered(client);
      assertHears(client);
    }
  }

  @Test
  void pingsAndTheGoodbyeBehindThemComeInTheirOrder() {
    try (SocketClient client = connect()) {
      client.send(many().ping("p").close(3001, "").bytes());
      assertManyAreAnswered(client);
      assertThat(client.next()).isEqualTo("pong p");
      assertThat(client.next()).isEqualTo("close 3001");
    }
  }

  @Test
  void aFailureBehindThemClosesTheConnection() {
    gateway.otherRelay =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    try (SocketClient client = connect()) {
      client.send(many().text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1}").bytes());
      assertManyAreAnswered(client);
      assertThat(client.next()).startsWith("close 1011");
      await().until(() -> gateway.closed(CloseReason.INTERNAL_ERROR) == 1);
    }
    await().until(() -> gateway.memory.share(MemoryKind.INBOUND).usedBytes() == 0);
  }

  @Test
  void aMessageThatBeginsBehindThemHasItsTime() {
    gateway.close();
    SessionLimits.Times usual = TestLimits.TIMES;
    gateway =
        new TestGateway(
            TestLimits.with(
                new SessionLimits.Times(
                    usual.pingAfter(),
                    usual.idleAfter(),
                    usual.linger(),
                    usual.replayTurns(),
                    usual.leaving(),
                    Duration.ofSeconds(1))),
            transport);
    try (SocketClient client = connect()) {
      client.send(many().header(0x81, 60).bytes());
      assertManyAreAnswered(client);
      assertThat(client.next()).startsWith("close 4102");
    }
  }
}
