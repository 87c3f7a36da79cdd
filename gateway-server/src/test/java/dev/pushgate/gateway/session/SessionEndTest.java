package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class SessionEndTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void aSilentClientIsPingedAndThenClosed() {
    var times =
        new SessionLimits.Times(
            SHORT,
            SHORT.multipliedBy(4),
            LONG,
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = gateway.connect()) {
      assertThat(client.next()).isEqualTo("ping");
      assertThat(client.nextWith("close")).isEqualTo("close 4201 no pong in time");
      client.send(new ClientBytes().close(4201, "").bytes());
      assertThat(client.next()).isEqualTo("end");
    }
  }

  @Test
  void aClientThatAnswersPingsStays() {
    var times =
        new SessionLimits.Times(
            SHORT,
            SHORT.multipliedBy(4),
            LONG,
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = gateway.connect()) {
      for (int i = 0; i < 8; i++) {
        assertThat(client.next()).isEqualTo("ping");
        client.send(new ClientBytes().frame(0x8A, new byte[0]).bytes());
      }
      client.subscribe("c");
    }
  }

  @Test
  void halfAFrameAndThenSilenceIsClosed() {
    var times =
        new SessionLimits.Times(
            SHORT,
            SHORT.multipliedBy(2),
            SHORT,
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = gateway.connect()) {
      client.send(new ClientBytes().header(0x81, 60_000).masked(new byte[] {'{'}, 0).bytes());
      assertThat(client.nextWith("close")).isEqualTo("close 4201 no pong in time");
      assertThat(client.next()).isEqualTo("end");
    }
  }

  @Test
  void aClientThatDoesNotAnswerTheGoodbyeIsClosedAllTheSame() {
    var times =
        new SessionLimits.Times(
            LONG, LONG, SHORT, TestLimits.TURNS, TestLimits.LEAVING, TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = gateway.connect()) {
      client.text("nonsense");
      assertThat(client.nextWith("close")).startsWith("close 4004");
      assertThat(client.next()).isEqualTo("end");
    }
  }

  @Test
  void aRevokedKeyClosesItsSessionsAndNoOthers() {
    try (TestGateway gateway = new TestGateway();
        SocketClient client = gateway.connect();
        SocketClient other = gateway.connect(gateway.secretKey.reveal())) {
      gateway.revokePublishKey();
      assertThat(client.next()).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(client.next()).isEqualTo("close 4010 token or key expired or revoked");
      other.subscribe("c");
      assertThat(gateway.open()).isEqualTo(1);
    }
  }

  @Test
  void anExpiredTokenClosesItsSession() {
    try (TestGateway gateway = new TestGateway();
        SocketClient client = gateway.connect(gateway.token(Duration.ofSeconds(2), null))) {
      assertThat(client.next()).isEqualTo("{\"type\":\"token_expiring\"}");
      assertThat(client.next()).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(client.next()).isEqualTo("close 4010 token or key expired or revoked");
    }
  }

  @Test
  void aThousandFramesAtOnceAreWarnedOnceAndThenClosed() {
    try (TestGateway gateway = new TestGateway();
        SocketClient client = gateway.connect()) {
      ClientBytes frames = new ClientBytes();
      for (int i = 0; i < 1_000; i++) {
        frames.text("{\"type\":\"ack\",\"messageId\":\"m\"}");
      }
      client.trySend(frames.bytes());
      assertThat(client.next()).contains("\"code\":\"RATE_LIMITED\"");
      assertThat(client.next()).isEqualTo("close 4102 rate limit");
      await().until(() -> gateway.closed(CloseReason.RATE_LIMITED) == 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReaderThatStopsReadingIsClosedAndOthersGetAll(Transport transport) {
    var outbound = new SessionLimits.Outbound(512 * 1024, 128 * 1024);
    var times =
        new SessionLimits.Times(
            LONG, LONG, SHORT, TestLimits.TURNS, TestLimits.LEAVING, TestLimits.MESSAGE);
    SessionLimits limits =
        new SessionLimits(TestLimits.INBOUND, outbound, times, TestLimits.ROOM, TestLimits.SENDING);
    try (TestGateway gateway = new TestGateway(limits, transport);
        SocketClient slow = new SocketClient(gateway.port, 4_096);
        SocketClient quick = gateway.connect()) {
      slow.handshake("/ws?token=" + gateway.publishKey.reveal());
      slow.subscribe("c");
      quick.subscribe("c");
      String data = "\"" + "x".repeat(30_000) + "\"";
      for (int i = 1; i <= 400; i++) {
        gateway.publish("c", data);
        assertThat(quick.next()).endsWith("\"offset\":" + i + "}");
      }
      assertThat(gateway.closed(CloseReason.SLOW_CONSUMER)).isEqualTo(1);
      await().until(() -> gateway.open() == 1);
    }
  }

  /// Each of its pings is a sign of life, and each pong small: but it takes none of them.
  @Test
  void aClientThatPingsAndNeverReadsIsClosedAsASlowConsumer() {
    var inbound = new SessionLimits.Inbound(65_536, 1_000_000, 1_000_000, 256, 16);
    var times =
        new SessionLimits.Times(
            SHORT,
            SHORT.multipliedBy(3),
            SHORT,
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    SessionLimits limits =
        new SessionLimits(inbound, TestLimits.OUTBOUND, times, TestLimits.ROOM, TestLimits.SENDING);
    try (TestGateway gateway = new TestGateway(limits);
        SocketClient client = new SocketClient(gateway.port, 4_096)) {
      client.handshake("/ws?token=" + gateway.publishKey.reveal());
      ClientBytes pings = new ClientBytes();
      for (int i = 0; i < 500; i++) {
        pings.text("{\"type\":\"ping\",\"ref\":\"" + "r".repeat(64) + "\"}").ping("p".repeat(125));
      }
      byte[] bytes = pings.bytes();
      for (int i = 0; i < 500 && gateway.closed(CloseReason.SLOW_CONSUMER) == 0; i++) {
        client.trySend(bytes);
      }
      await().until(() -> gateway.closed(CloseReason.SLOW_CONSUMER) == 1);
    }
  }

  @Test
  void resumesLargerThanTheLimitTogetherNeverCloseTheResumer() {
    var outbound = new SessionLimits.Outbound(900 * 1024, 64 * 1024);
    try (TestGateway gateway = new TestGateway(TestLimits.with(outbound));
        SocketClient keeper = gateway.connect();
        SocketClient resumer = new SocketClient(gateway.port, 4_096)) {
      String data = "\"" + "x".repeat(50_000) + "\"";
      for (int c = 0; c < 20; c++) {
        keeper.subscribe("c" + c);
        for (int i = 0; i < 8; i++) {
          gateway.publish("c" + c, data);
          keeper.next();
        }
      }
      resumer.handshake("/ws?token=" + gateway.publishKey.reveal());
      for (int c = 0; c < 20; c++) {
        resumer.text("{\"type\":\"subscribe\",\"channel\":\"c" + c + "\",\"rewind\":8}");
      }
      for (int c = 0; c < 20; c++) {
        assertThat(resumer.nextWith("subscribed")).contains("\"channel\":\"c" + c + "\"");
        for (int i = 1; i <= 8; i++) {
          assertThat(resumer.next()).endsWith("\"offset\":" + i + "}");
        }
      }
      assertThat(gateway.closed(CloseReason.SLOW_CONSUMER)).isZero();
    }
  }

  @Test
  void aClientThatIsHeldBackByTheStoreIsNotTakenForAnIdleOne() {
    var times =
        new SessionLimits.Times(
            SHORT,
            SHORT.multipliedBy(2),
            SHORT,
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = gateway.connect();
        SocketClient idle = gateway.connect()) {
      int commands = 560; // more than may wait, fewer than come too fast
      gateway.store.hold();
      client.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"rewind\":5}");
      for (int i = 0; i < commands; i++) {
        client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
      }
      assertThat(idle.nextWith("close")).startsWith("close 4201");
      gateway.store.release();
      for (int i = 0; i < commands; i++) {
        client.nextWith("\"subscribed\",\"channel\":\"other\"");
      }
    }
  }

  @Test
  void aClientThatIsHeldBackAndTakesNothingIsASlowConsumer() {
    var outbound = new SessionLimits.Outbound(100 << 20, 64 * 1024);
    var times =
        new SessionLimits.Times(
            SHORT,
            Duration.ofSeconds(3),
            SHORT,
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    SessionLimits limits =
        new SessionLimits(TestLimits.INBOUND, outbound, times, TestLimits.ROOM, TestLimits.SENDING);
    try (TestGateway gateway = new TestGateway(limits);
        SocketClient client = new SocketClient(gateway.port, 4_096)) {
      client.handshake("/ws?token=" + gateway.secretKey.reveal());
      client.subscribe("c");
      String data = "\"" + "x".repeat(60_000) + "\"";
      for (int published = 1; published <= 200; published++) {
        gateway.publish("c", data);
        if (published % 50 == 0) {
          // More at once might not fit into the shard's mailbox; and before the last of them is
          // queued the commands would not have to wait.
          long queued = published * 60_000L;
          await().until(() -> gateway.queuedBytes() > queued);
        }
      }
      for (int i = 0; i < 600; i++) {
        client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> gateway.closed(CloseReason.SLOW_CONSUMER) == 1);
    }
  }

  @Test
  void drainingTellsEverybodyAndLetsNobodyIn() {
    try (TestGateway gateway = new TestGateway()) {
      List<SocketClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(gateway.connect());
      }
      CompletionStage<Void> drained = gateway.sessions.drain(SHORT);
      for (SocketClient client : clients) {
        assertThat(client.next()).isEqualTo("close 4200 please reconnect: this node is draining");
      }
      try (SocketClient late = new SocketClient(gateway.port)) {
        assertThat(late.handshake("/ws?token=" + gateway.publishKey.reveal()))
            .startsWith("http/1.1 503 ");
      }
      assertThat(drained.toCompletableFuture()).isNotDone();
      clients.forEach(SocketClient::close);
      drained.toCompletableFuture().join();
      assertThat(gateway.closed(CloseReason.DRAINING)).isEqualTo(20);
    }
  }
}
