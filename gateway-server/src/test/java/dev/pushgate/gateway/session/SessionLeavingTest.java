package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What was asked for before the end is carried out and answered before it, or the loss is told.
@ExtendWith(NoLeaks.class)
class SessionLeavingTest {
  private static final int PUBLISHES = 100;

  private static ClientBytes publishes(int count) {
    ClientBytes bytes = new ClientBytes();
    for (int i = 0; i < count; i++) {
      bytes.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"ref\":\"r" + i + "\"}");
    }
    return bytes;
  }

  @Test
  void whatWasPublishedBeforeTheGoodbyeIsAnsweredBeforeIts() {
    try (TestGateway gateway = new TestGateway();
        SocketClient subscriber = gateway.connect();
        SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      subscriber.subscribe("c");
      client.send(publishes(PUBLISHES).close(3333, "").bytes());
      for (int i = 0; i < PUBLISHES; i++) {
        assertThat(client.next()).contains("\"published\"");
        assertThat(subscriber.next()).endsWith("\"offset\":" + (i + 1) + "}");
      }
      assertThat(client.next()).isEqualTo("close 3333");
      assertThat(client.next()).isEqualTo("end");
    }
  }

  /// More than a connection has under way, and more than is read at once: the goodbye is not read
  /// yet when the client's side answers the first answer with a reset.
  @ParameterizedTest
  @EnumSource
  void whoSaysGoodbyeAndIsGoneAtOnceHasPublishedAll(Transport transport) {
    whoIsGoneAtOnceHasPublishedAll(
        transport, publishes(PUBLISHES).close(1000, "").bytes(), CloseReason.NORMAL);
  }

  @ParameterizedTest
  @EnumSource
  void whoIsGoneWithoutAGoodbyeHasPublishedAll(Transport transport) {
    whoIsGoneAtOnceHasPublishedAll(
        transport, publishes(PUBLISHES).bytes(), CloseReason.CONNECTION_LOST);
  }

  private static void whoIsGoneAtOnceHasPublishedAll(
      Transport transport, byte[] bytes, CloseReason end) {
    CompletableFuture<Void> goOn = new CompletableFuture<>();
    AtomicInteger asked = new AtomicInteger();
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, transport);
        SocketClient subscriber = gateway.connect();
        SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      gateway.otherRelay =
          request -> {
            asked.incrementAndGet();
            return goOn.thenCompose(_ -> gateway.engine.relay().publish(request));
          };
      subscriber.subscribe("c");
      client.send(bytes);
      await().until(() -> asked.get() == 16);
      client.close();
      goOn.complete(null);
      for (int i = 1; i <= PUBLISHES; i++) {
        assertThat(subscriber.next()).endsWith("\"offset\":" + i + "}");
      }
      await().until(() -> gateway.closed(end) == 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoHalfClosesGetsItsAnswers(Transport transport) {
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, transport);
        SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      client.send(publishes(PUBLISHES).text("{\"type\":\"subscribe\",\"channel\":\"c\"}").bytes());
      client.endOutput();
      List<String> answers = untilTheClose(client);
      assertThat(answers).filteredOn(answer -> answer.contains("\"published\"")).hasSize(PUBLISHES);
      assertThat(answers).filteredOn(answer -> answer.contains("\"subscribed\"")).hasSize(1);
      assertThat(answers.getLast()).isEqualTo("close");
      assertThat(client.next()).isEqualTo("end");
      await().until(() -> gateway.closed(CloseReason.CONNECTION_LOST) == 1);
    }
  }

  /// More than the system's buffers hold.
  @ParameterizedTest
  @EnumSource
  void whoHalfClosesGetsAllThatItMissed(Transport transport) {
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, transport);
        SocketClient keeper = gateway.connect();
        SocketClient client = new SocketClient(gateway.port, 4_096)) {
      keeper.subscribe("c");
      for (int i = 0; i < 9; i++) {
        gateway.publish("c", "\"" + "x".repeat(25_000) + "\"");
        keeper.next();
      }
      client.handshake("/ws?token=" + gateway.publishKey.reveal());
      client.text("{\"type\":\"subscribe\",\"channel\":\"c\",\"rewind\":9}");
      client.endOutput();
      for (int offset = 1; offset <= 9; offset++) {
        client.nextWith("\"offset\":" + offset + "}");
      }
      assertThat(client.next()).isEqualTo("close");
      assertThat(client.next()).isEqualTo("end");
    }
  }

  /// With what it has to say right behind its handshake: whether its end is seen before the
  /// connection is a session or after it, is a matter of luck.
  @ParameterizedTest
  @EnumSource
  void whoHalfClosesBehindTheHandshakeGetsItsAnswers(Transport transport) {
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, transport)) {
      for (int count : List.of(0, 1, 20, 100)) {
        for (int i = 0; i < 10; i++) {
          boolean saysGoodbye = i % 2 == 0;
          ClientBytes behind = publishes(count);
          try (SocketClient client = new SocketClient(gateway.port)) {
            client.handshakeAndEnd(
                "/ws?token=" + gateway.secretKey.reveal(),
                saysGoodbye ? behind.close(1000, "").bytes() : behind.bytes());
            List<String> answers = untilTheClose(client);
            assertThat(answers.getFirst()).contains("\"connected\"");
            assertThat(answers).filteredOn(each -> each.contains("\"published\"")).hasSize(count);
            assertThat(answers.getLast()).isEqualTo(saysGoodbye ? "close 1000" : "close");
            assertThat(client.next()).isEqualTo("end");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoHalfClosesBehindAHandshakeThatIsRefusedIsToldWhy(Transport transport) {
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, transport)) {
      for (int i = 0; i < 20; i++) {
        try (SocketClient client = new SocketClient(gateway.port)) {
          client.handshakeAndEnd("/ws?token=pub_unknown", new byte[0]);
          assertThat(client.next()).contains("\"INVALID_TOKEN\"");
          assertThat(client.next()).startsWith("close 4001");
          assertThat(client.next()).isEqualTo("end");
        }
      }
    }
  }

  @Test
  void aNodeThatDrainsAnswersWhatItHasReceived() {
    try (TestGateway gateway = new TestGateway();
        SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      AtomicInteger asked = new AtomicInteger();
      CompletableFuture<Void> goOn = new CompletableFuture<>();
      gateway.otherRelay =
          request -> {
            asked.incrementAndGet();
            return goOn.thenCompose(_ -> gateway.engine.relay().publish(request));
          };
      // 16 are asked for, 16 wait, and of the last there are the bytes.
      client.send(publishes(33).bytes());
      await().until(() -> asked.get() == 16);
      var _ = gateway.sessions.drain(Duration.ZERO);
      await().until(() -> isDraining(gateway));
      goOn.complete(null);
      List<String> answers = untilTheClose(client);
      assertThat(answers).filteredOn(answer -> answer.contains("\"published\"")).hasSize(33);
      assertThat(answers.getLast()).startsWith("close 4200");
    }
  }

  private static List<String> untilTheClose(SocketClient client) {
    List<String> frames = new ArrayList<>();
    do {
      frames.add(client.next());
    } while (!frames.getLast().startsWith("close") && !frames.getLast().equals("end"));
    return frames;
  }

  private static boolean isDraining(TestGateway gateway) {
    try (SocketClient late = new SocketClient(gateway.port)) {
      return late.handshake("/ws?token=" + gateway.publishKey.reveal()).startsWith("http/1.1 503 ");
    }
  }

  @Test
  void whatIsNotDoneInTimeIsToldAndTheCloseIsNotTheClientsOwn() {
    CompletionStage<Outcome<Published>> never = new CompletableFuture<>();
    SessionLimits.Times usual = TestLimits.TIMES;
    var times =
        new SessionLimits.Times(
            usual.pingAfter(),
            usual.idleAfter(),
            usual.linger(),
            usual.replayTurns(),
            Duration.ofMillis(300),
            usual.message());
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      gateway.otherRelay = _ -> never;
      client.send(publishes(30).close(1000, "").bytes());
      for (int i = 16; i < 30; i++) {
        assertThat(client.next())
            .contains("\"code\":\"SERVER_ERROR\"", "\"ref\":\"r" + i + "\"", "Not carried out");
      }
      assertThat(client.next()).startsWith("close 4103");
      assertThat(client.next()).isEqualTo("end");
    }
  }
}
