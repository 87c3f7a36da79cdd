package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What clients cost in memory is bounded for all of them together, and those pay who take most.
@ExtendWith(NoLeaks.class)
class SessionMemoryTest {
  private static final String BLOB = "\"" + "x".repeat(25_000) + "\"";

  private static SessionLimits times(Duration ping, Duration idle, Duration message) {
    var times =
        new SessionLimits.Times(
            ping, idle, Duration.ofMillis(300), TestLimits.TURNS, TestLimits.LEAVING, message);
    return TestLimits.with(times);
  }

  private static void fill(TestGateway gateway, String channel, int messages) {
    try (SocketClient keeper = gateway.connect()) {
      keeper.subscribe(channel);
      for (int i = 0; i < messages; i++) {
        gateway.publish(channel, BLOB);
        keeper.next();
      }
    }
  }

  @Test
  void whoAsksForMuchAndReadsNothingIsCutAndReadersLoseNothing() {
    MemoryBudget budget = TestLimits.memory(MemoryKind.OUTBOUND, 2 << 20);
    List<SocketClient> greedy = new ArrayList<>();
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget);
        SocketClient reader = gateway.connect();
        SocketClient other = gateway.connect()) {
      fill(gateway, "full", 9);
      reader.subscribe("c");
      other.subscribe("c");
      for (int i = 0; i < 40; i++) {
        SocketClient client = new SocketClient(gateway.port, 4_096);
        greedy.add(client);
        client.handshake("/ws?token=" + gateway.publishKey.reveal());
        client.text("{\"type\":\"subscribe\",\"channel\":\"full\",\"rewind\":9}");
        long offset = gateway.publish("c", "1");
        assertThat(reader.next()).endsWith("\"offset\":" + offset + "}");
        assertThat(other.next()).endsWith("\"offset\":" + offset + "}");
      }
      await().until(() -> gateway.closed(CloseReason.SLOW_CONSUMER) > 2);
      assertThat(budget.share(MemoryKind.OUTBOUND).refusals()).isPositive();
      greedy.forEach(SocketClient::close);
      await().until(() -> gateway.open() == 2);
      try (SocketClient later = gateway.connect()) {
        later.text("{\"type\":\"subscribe\",\"channel\":\"full\",\"rewind\":9}");
        for (int i = 1; i <= 9; i++) {
          later.nextWith("\"offset\":" + i + "}");
        }
      }
    }
  }

  @Test
  void whoTakesNothingIsClosedInItsTimeHoweverSeldomItIsAskedForASignOfLife() {
    var times =
        new SessionLimits.Times(
            Duration.ofHours(1),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = new SocketClient(gateway.port, 4_096)) {
      fill(gateway, "full", 9);
      client.handshake("/ws?token=" + gateway.publishKey.reveal());
      client.text("{\"type\":\"subscribe\",\"channel\":\"full\",\"rewind\":9}");
      await().until(() -> gateway.closed(CloseReason.SLOW_CONSUMER) == 1);
    }
  }

  @Test
  void whoSendsTheLongestGoesFirstOnWhateverLoopOthersAre() {
    MemoryBudget budget = TestLimits.memory(MemoryKind.INBOUND, 100_000);
    byte[] part = new ClientBytes().header(0x81, 60_000).masked(blanks(59_000), 0).bytes();
    byte[] little = new ClientBytes().header(0x81, 10_000).masked(blanks(9_000), 0).bytes();
    byte[] rest = new ClientBytes().masked(blanks(1_000), 9_000).bytes();
    List<SocketClient> modest = new ArrayList<>();
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget);
        SocketClient greedy = gateway.connect()) {
      greedy.send(part);
      await().until(() -> budget.share(MemoryKind.INBOUND).usedBytes() > 59_000);
      for (int i = 0; i < 8; i++) { // on both loops
        modest.add(gateway.connect());
        modest.getLast().send(little);
      }
      assertThat(greedy.nextWith("close")).startsWith("close 4102");
      for (SocketClient client : modest) {
        client.send(rest);
        assertThat(client.next()).contains("\"code\":\"INVALID_JSON\"");
      }
      assertThat(gateway.closed(CloseReason.RATE_LIMITED)).isEqualTo(1);
      modest.forEach(SocketClient::close);
      await().until(() -> budget.share(MemoryKind.INBOUND).usedBytes() == 0);
    }
  }

  @Test
  void unfinishedMessagesAreBoundedAndThoseWhoSendTheLongestGoFirst() {
    MemoryBudget budget = TestLimits.memory(MemoryKind.INBOUND, 1 << 20);
    byte[] part = new ClientBytes().header(0x81, 60_000).masked(blanks(59_000), 0).bytes();
    byte[] little = new ClientBytes().header(0x81, 600).masked(blanks(500), 0).bytes();
    List<SocketClient> greedy = new ArrayList<>();
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget);
        SocketClient modest = gateway.connect()) {
      modest.send(little);
      for (int i = 0; i < 60; i++) {
        greedy.add(gateway.connect());
        greedy.getLast().send(part);
      }
      await().until(() -> gateway.closed(CloseReason.RATE_LIMITED) >= 40);
      assertThat(budget.share(MemoryKind.INBOUND).usedBytes()).isBetween(0L, 1L << 20);
      modest.send(new ClientBytes().masked(blanks(100), 500).bytes());
      assertThat(modest.next()).contains("\"code\":\"INVALID_JSON\"");
      greedy.forEach(SocketClient::close);
      await().until(() -> budget.share(MemoryKind.INBOUND).usedBytes() == 0);
    }
  }

  /// Sixteen are carried out in a round: what is behind them waits as it came, or in the system's
  /// buffers, and not as commands, which take many times that.
  @Test
  void commandsThatWaitForTheirTurnTakeNoMoreThanTheirBytes() {
    int clients = 10;
    int commands = 400;
    MemoryBudget budget = TestLimits.memory(MemoryKind.INBOUND, clients * 3_000L);
    ClientBytes bytes = new ClientBytes();
    for (int i = 0; i < commands; i++) {
      bytes.text("{\"type\":\"unsubscribe\",\"channel\":\"c\",\"ref\":\"r" + i + "\"}");
    }
    List<SocketClient> busy = new ArrayList<>();
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget)) {
      for (int i = 0; i < clients; i++) {
        busy.add(gateway.connect());
      }
      busy.forEach(client -> client.send(bytes.bytes()));
      for (SocketClient client : busy) {
        for (int i = 0; i < commands; i++) {
          assertThat(client.next()).contains("\"ref\":\"r" + i + "\"");
        }
      }
      assertThat(budget.share(MemoryKind.INBOUND).refusals()).isZero();
      await().until(() -> budget.share(MemoryKind.INBOUND).usedBytes() == 0);
    } finally {
      busy.forEach(SocketClient::close);
    }
  }

  private static byte[] blanks(int count) {
    byte[] blanks = new byte[count];
    Arrays.fill(blanks, (byte) ' ');
    return blanks;
  }

  @Test
  void aMessageThatIsNotFinishedInTimeIsClosedWhateverElseIsSent() {
    SessionLimits limits =
        times(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(1));
    try (TestGateway gateway = new TestGateway(limits);
        SocketClient client = gateway.connect()) {
      client.send(new ClientBytes().frame(0x01, new byte[] {'{'}).bytes());
      assertThat(client.nextWith("close")).isEqualTo("close 4102 rate limit");
    }
  }

  @Test
  void messagesThatComeInPiecesButComeAreRead() {
    SessionLimits limits =
        times(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(1));
    try (TestGateway gateway = new TestGateway(limits);
        SocketClient client = gateway.connect();
        SocketClient clock = gateway.connect()) {
      clock.send(new ClientBytes().frame(0x01, new byte[] {'{'}).bytes());
      byte[] ping = new ClientBytes().text("{\"type\":\"ping\"}").bytes();
      byte[] first = Arrays.copyOf(ping, 9);
      byte[] rest = Arrays.copyOfRange(ping, 9, ping.length);
      while (gateway.closed(CloseReason.RATE_LIMITED) == 0) {
        client.send(first).send(rest);
        assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
        LockSupport.parkNanos(20_000_000);
      }
      client.subscribe("ab");
    }
  }

  @Test
  void whoTakesNothingIsClosedWhateverItSends() {
    var times =
        new SessionLimits.Times(
            Duration.ofMillis(300),
            Duration.ofMillis(900),
            Duration.ofMillis(300),
            TestLimits.TURNS,
            TestLimits.LEAVING,
            TestLimits.MESSAGE);
    try (TestGateway gateway = new TestGateway(TestLimits.with(times));
        SocketClient client = new SocketClient(gateway.port, 4_096)) {
      fill(gateway, "full", 9);
      client.handshake("/ws?token=" + gateway.publishKey.reveal());
      client.text("{\"type\":\"subscribe\",\"channel\":\"full\",\"rewind\":9}");
      byte[] pong = new ClientBytes().frame(0x8A, new byte[0]).bytes();
      await()
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                client.trySend(pong);
                return gateway.closed(CloseReason.SLOW_CONSUMER) == 1;
              });
      assertThat(gateway.closed(CloseReason.NO_PONG)).isZero();
    }
  }

  @Test
  void aReplayOverItsRateWaitsAndNothingElseDoes() {
    var slowly = new SessionLimits.Sending(200_000, 150_000);
    try (TestGateway gateway = new TestGateway(TestLimits.with(slowly));
        SocketClient client = gateway.connect(gateway.secretKey.reveal())) {
      fill(gateway, "full", 9);
      long began = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        client.text("{\"type\":\"subscribe\",\"channel\":\"full\",\"rewind\":9}");
        for (int offset = 1; offset <= 9; offset++) {
          client.nextWith("\"offset\":" + offset + "}");
        }
        client.text("{\"type\":\"unsubscribe\",\"channel\":\"full\"}");
        client.text("{\"type\":\"publish\",\"channel\":\"p\",\"data\":1}");
        client.nextWith("\"published\"");
      }
      // 675,000 bytes: the first is at once, the third waits for 300,000 at 200,000 a second.
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
      assertThat(gateway.closed(CloseReason.SLOW_CONSUMER)).isZero();
    }
  }

  @Test
  void connectionsAreBoundedByMemoryAndLeaveSomeOfIt() {
    MemoryBudget budget = TestLimits.memory(MemoryKind.CONNECTIONS, 3L * Places.SESSION_BYTES);
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget);
        SocketClient one = gateway.connect();
        SocketClient two = gateway.connect();
        SocketClient three = new SocketClient(gateway.port)) {
      three.handshake("/ws?token=" + gateway.publishKey.reveal());
      assertThat(three.next()).contains("\"code\":\"QUOTA_EXCEEDED\"");
      assertThat(three.next()).isEqualTo("close 4100 over the connection limit");
      one.close();
      await().until(() -> gateway.open() == 1);
      gateway.connect().close();
      two.subscribe("c");
    }
  }

  @Test
  void answersThatNobodyReadsKeepTheirClientFromAskingForMore() {
    var inbound = new SessionLimits.Inbound(65_536, 1_000_000, 1_000_000, 256, 16);
    try (TestGateway gateway = new TestGateway(TestLimits.with(inbound));
        SocketClient client = new SocketClient(gateway.port, 4_096)) {
      client.handshake("/ws?token=" + gateway.publishKey.reveal());
      byte[] pings = new ClientBytes().ping("p".repeat(125)).ping("p".repeat(125)).bytes();
      var _ =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      client.trySend(pings);
                    }
                  });
      client.nextWith("connected");
      for (int i = 0; i < 40_000; i++) {
        assertThat(client.next()).startsWith("pong");
      }
      assertThat(gateway.closed(CloseReason.SLOW_CONSUMER)).isZero();
    }
  }
}
