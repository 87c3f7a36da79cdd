package dev.pushgate.gateway.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.session.SocketClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that take what they can get, or nothing at all: they get what the limits say, and nobody
/// else feels it. The node has little memory, so that whatever is unbounded ends it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class HostileClientsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SILENT = 1_000;
  private static final int SLOW = 50;
  private static final int STALLED = 200;
  private static final int BODY = 1 << 20;
  private static final int SMALL_BUFFER = 8 << 10;
  private static final int BATCH = 40;
  private static final String BLOB = "\"" + "x".repeat(16 << 10) + "\"";

  private NodeProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node =
        NodeProcess.start(
            Node.environment(
                "PUSHGATE_DATA_DIR",
                directory.toString(),
                "PUSHGATE_LIMITS_HANDSHAKE_TIME",
                "2s",
                "PUSHGATE_MEMORY_RECENT_LOGS",
                "32MiB"),
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=96m",
            "-Dio.netty.maxDirectMemory=0",
            "-Dio.netty.leakDetection.level=advanced");
  }

  @AfterAll
  void stop() {
    node.terminate();
    assertThat(node.exitCode()).isZero();
    assertThat(node.errors()).doesNotContain("ERROR").doesNotContain("LEAK");
    node.close();
  }

  @Test
  void connectionsThatSayNothingAreClosedAndOthersAreServedMeanwhile() throws IOException {
    List<SocketChannel> silent = new ArrayList<>();
    try (SocketClient member = node.connect()) {
      member.subscribe("served");
      for (int i = 0; i < SILENT; i++) {
        SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", node.port()));
        silent.add(socket);
        if (i % 2 == 0) {
          socket.write(bytes("GET /ws?token=" + Node.PUBLISH_KEY + " HTTP/1.1\r\nHost: x\r\n"));
        }
      }
      node.rest().publish("served", "1");
      assertThat(member.next()).contains("\"served\"");
      for (SocketChannel socket : silent) {
        socket.socket().setSoTimeout((int) PATIENCE.toMillis());
        readUntilTheServerCloses(socket);
      }
      node.rest().publish("served", "2");
      assertThat(member.next()).contains("\"offset\":2");
    } finally {
      for (SocketChannel socket : silent) {
        socket.close();
      }
    }
  }

  /// Because it is late, or to make room for another: then what it has sent may be unread, and the
  /// end is a reset.
  private static void readUntilTheServerCloses(SocketChannel socket) throws IOException {
    try {
      socket.socket().getInputStream().readAllBytes();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /// With a key or without one: what is held of them is bounded, and the node goes on.
  @Test
  void bodiesThatNeverEndAreHeldOnlyUpToALimit() throws IOException {
    List<SocketChannel> senders = new ArrayList<>();
    try {
      for (int i = 0; i < STALLED; i++) {
        senders.add(stalled("", 1_000));
      }
      for (SocketChannel sender : senders) {
        assertThat(statusFrom(sender)).isEqualTo(401);
      }
      assertThat(node.rest().publish("goes-on", "1").status()).isEqualTo(201);
      senders.clear();
      for (int i = 0; i < STALLED; i++) {
        senders.add(stalled("Authorization: Bearer " + Node.SECRET_KEY + "\r\n", BODY - 1));
      }
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> metric("pushgate_refusals_total\\{code=\"503\",via=\"http\"\\}") > 0);
    } finally {
      for (SocketChannel sender : senders) {
        sender.close();
      }
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> node.rest().publish("goes-on", "2").status() == 201);
  }

  /// A client that has sent so much of a body, or what was taken of that, and not the rest.
  private SocketChannel stalled(String authorization, int bodyBytes) throws IOException {
    SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", node.port()));
    String head = "POST /api/v1/publish HTTP/1.1\r\nHost: x\r\n" + authorization;
    try {
      socket.write(bytes(head + "Content-Length: " + BODY + "\r\n\r\n"));
      socket.write(ByteBuffer.allocate(bodyBytes));
    } catch (IOException e) {
      // It was refused meanwhile; the answer may still be there.
    }
    return socket;
  }

  private static int statusFrom(SocketChannel socket) throws IOException {
    socket.socket().setSoTimeout((int) PATIENCE.toMillis());
    String line = new String(socket.socket().getInputStream().readNBytes(12), US_ASCII);
    return Integer.parseInt(line.substring(9));
  }

  @Test
  void slowReadersAreClosedAndOthersKeepReceiving() {
    List<SocketClient> slow = new ArrayList<>();
    try (Swarm swarm = new Swarm(node)) {
      swarm.join(5, "flood");
      Awaitility.await().atMost(PATIENCE).until(() -> swarm.allHave(0));
      String epoch = "";
      for (int i = 0; i < SLOW; i++) {
        SocketClient client = connect(SMALL_BUFFER);
        slow.add(client);
        epoch = JsonTree.text(client.subscribe("flood"), "epoch");
      }
      long offset = 0;
      double closedBefore = metric("pushgate_slow_consumers_total"); // by other tests
      while (metric("pushgate_slow_consumers_total") < closedBefore + SLOW) {
        publishBatch("flood");
        offset += BATCH;
        long head = offset;
        Awaitility.await().atMost(PATIENCE).until(() -> swarm.allHave(head));
        assertThat(swarm.complaints()).isEmpty();
      }
      long last = readToTheEnd(slow.getLast());
      assertThat(last).isPositive().isLessThan(offset);
      aSlowReaderComesBackToWhatIsThere(epoch, offset);
    } finally {
      slow.forEach(SocketClient::close);
    }
    Awaitility.await().atMost(PATIENCE).until(() -> metric("pushgate_subscriptions") == 0);
  }

  @Test
  void aReaderThatAsksForMuchAndReadsLateGetsAllOfIt() {
    for (int i = 0; i < 20; i++) {
      publishBatch("late-" + i);
    }
    try (SocketClient client = connect(SMALL_BUFFER)) {
      for (int i = 0; i < 20; i++) {
        client.text("{\"type\":\"subscribe\",\"channel\":\"late-" + i + "\",\"rewind\":25}");
      }
      node.rest().publish("other", "1"); // the node has had time for more than this
      for (int i = 0; i < 20; i++) {
        assertThat(JsonTree.text(client.nextWith("\"subscribed\""), "channel"))
            .isEqualTo("late-" + i);
        for (long offset = BATCH - 24; offset <= BATCH; offset++) {
          String frame = client.next();
          assertThat(frame.substring(frame.length() - 30)).endsWith("\"offset\":" + offset + "}");
        }
      }
      client.text("{\"type\":\"ping\"}");
      assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
    }
  }

  @Test
  void manyThatResumeAndNeverReadHoldNobodyUp() {
    publishBatch("resumed");
    List<SocketClient> deaf = new ArrayList<>();
    try (SocketClient member = node.connect()) {
      member.subscribe("lively");
      for (int i = 0; i < 200; i++) {
        SocketClient client = connect(SMALL_BUFFER);
        deaf.add(client);
        client.text("{\"type\":\"subscribe\",\"channel\":\"resumed\",\"rewind\":1000}");
        client.text("{\"type\":\"subscribe\",\"channel\":\"lively\",\"rewind\":1000}");
      }
      for (long offset = 1; offset <= 50; offset++) {
        assertThat(node.rest().publish("lively", "1").number("data", "offset")).isEqualTo(offset);
        assertThat(JsonTree.number(member.next(), "offset")).isEqualTo(offset);
      }
    } finally {
      deaf.forEach(SocketClient::close);
    }
  }

  @Test
  void theSubscriptionBeyondTheLimitIsRefusedAndTheConnectionStays() {
    try (SocketClient client = node.connect()) {
      for (int i = 0; i < 256; i++) {
        client.subscribe("many-" + i);
      }
      client.text("{\"type\":\"subscribe\",\"channel\":\"one-more\",\"ref\":\"x\"}");
      assertThat(client.next()).contains("\"error\"").contains("\"channel\":\"one-more\"");
      assertThat(client.subscribe("many-0")).contains("\"offset\":0");
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"many-0\"}");
      assertThat(client.next()).contains("\"unsubscribed\"");
      assertThat(client.subscribe("one-more")).contains("\"offset\":0");
    }
  }

  @Test
  void aThousandFramesAtOnceAreAnsweredWithAWarningAndThenWithTheEnd() {
    try (SocketClient client = node.connect();
        SocketClient other = node.connect()) {
      ClientBytes frames = new ClientBytes();
      for (int i = 0; i < 1_000; i++) {
        frames.text("{\"type\":\"ack\",\"messageId\":\"m\"}");
      }
      client.trySend(frames.bytes());
      assertThat(client.next()).contains("\"code\":\"RATE_LIMITED\"");
      assertThat(client.next()).startsWith("close 4102 ");
      assertThat(other.subscribe("calm")).contains("\"subscribed\"");
    }
  }

  /// Everything is there up to where the queue was full, and then it is told why there is no more.
  private static long readToTheEnd(SocketClient client) {
    long last = 0;
    String frame = client.next();
    while (frame.contains("\"message\"")) {
      assertThat(JsonTree.number(frame, "offset")).isEqualTo(last + 1);
      last++;
      frame = client.next();
    }
    assertThat(frame).isIn("close 4101 slow consumer", "end");
    return last;
  }

  private void aSlowReaderComesBackToWhatIsThere(String epoch, long head) {
    try (SocketClient client = node.connect()) {
      client.text(
          "{\"type\":\"subscribe\",\"channel\":\"flood\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}}"
              .formatted(epoch, head - 10));
      assertThat(client.next()).contains("\"recovered\":true");
      for (long offset = head - 9; offset <= head; offset++) {
        assertThat(JsonTree.number(client.next(), "offset")).isEqualTo(offset);
      }
    }
  }

  private SocketClient connect(int receiveBytes) {
    SocketClient client = new SocketClient(node.port(), receiveBytes);
    client.handshake("/ws?token=" + Node.PUBLISH_KEY);
    assertThat(client.next()).contains("\"connected\"");
    return client;
  }

  private void publishBatch(String channel) {
    String message = "{\"channel\":\"" + channel + "\",\"data\":" + BLOB + "}";
    String body =
        Collections.nCopies(BATCH, message).stream()
            .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
    assertThat(node.rest().post("/api/v1/publish/batch", body).status()).isEqualTo(200);
  }

  private double metric(String name) {
    String all = node.management().get("/metrics").body();
    Matcher found = Pattern.compile("(?m)^" + name + " (\\S+)").matcher(all);
    assertThat(found.find()).isTrue();
    return Double.parseDouble(found.group(1));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }
}
