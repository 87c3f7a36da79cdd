package dev.pushgate.gateway.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.session.SocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Hundreds of clients ask a small node for all that it has, read none of it and go on sending
/// signs of life; clients that read lose nothing meanwhile.
@Timeout(180)
class UnreadRewindsIT {
  private static final int GREEDY = 600;
  private static final int GOOD = 50;
  private static final int MESSAGES = 200;
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final String BLOB = "\"" + "x".repeat(24 << 10) + "\"";
  private static final byte[] PONG = new ClientBytes().frame(0x8A, new byte[0]).bytes();

  @Test
  void whoRewindsMuchAndReadsNothingTakesNothingFromOthers(@TempDir Path directory)
      throws Exception {
    try (NodeProcess node =
            NodeProcess.start(
                Node.environment("PUSHGATE_DATA_DIR", directory.toString()), "-Xmx256m");
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      fillLogs(node);
      List<SocketClient> good = new ArrayList<>();
      List<SocketChannel> greedy = new ArrayList<>();
      try {
        List<Future<Integer>> read = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
          SocketClient client = node.connect();
          good.add(client);
          client.subscribe("good");
          read.add(readers.submit(() -> readAll(client)));
        }
        Thread strangers = Thread.ofVirtual().start(() -> ask(node, greedy));
        long slowest = 0;
        for (int i = 1; i <= MESSAGES; i++) {
          long began = System.nanoTime();
          assertThat(node.rest().publish("good", Integer.toString(i)).status()).isEqualTo(201);
          slowest = Math.max(slowest, System.nanoTime() - began);
          Thread.sleep(BETWEEN);
        }
        for (Future<Integer> one : read) {
          assertThat(one.get()).isEqualTo(MESSAGES);
        }
        strangers.join();
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(3));
        assertThat(metric(node, "pushgate_memory_refusals_total\\{kind=\"outbound\"\\}"))
            .isPositive();
      } finally {
        for (SocketChannel socket : greedy) {
          socket.close();
        }
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> metric(node, "pushgate_memory_used_bytes\\{kind=\"outbound\"\\}") < 1 << 20);
      try (SocketClient later = node.connect()) {
        later.text("{\"type\":\"subscribe\",\"channel\":\"full-0\",\"rewind\":5}");
        later.nextWith("\"offset\":20}");
      }
      good.forEach(SocketClient::close);
      node.terminate();
      assertThat(node.exitCode()).isZero();
      assertThat(node.errors()).doesNotContain("ERROR").contains("Outbound memory is short");
    }
  }

  private static void fillLogs(Node node) {
    try (SocketClient keeper = node.connect()) {
      for (int channel = 0; channel < 8; channel++) {
        keeper.subscribe("full-" + channel);
        for (int i = 0; i < 20; i++) {
          assertThat(node.rest().publish("full-" + channel, BLOB).status()).isEqualTo(201);
          keeper.nextWith("\"offset\":" + (i + 1));
        }
      }
    }
  }

  /// How many messages came, each once and in order.
  private static int readAll(SocketClient client) {
    for (int i = 1; i <= MESSAGES; i++) {
      assertThat(client.nextButPings()).contains("\"data\":" + i + ",");
    }
    return MESSAGES;
  }

  private static void ask(Node node, List<SocketChannel> greedy) {
    String handshake =
        "GET /ws?token="
            + Node.PUBLISH_KEY
            + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    ClientBytes rewinds = new ClientBytes();
    for (int channel = 0; channel < 8; channel++) {
      rewinds.text("{\"type\":\"subscribe\",\"channel\":\"full-" + channel + "\",\"rewind\":20}");
    }
    for (int i = 0; i < GREEDY; i++) {
      try {
        SocketChannel socket = SocketChannel.open();
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", node.port()));
        greedy.add(socket);
        socket.write(ByteBuffer.wrap(handshake.getBytes(US_ASCII)));
        socket.write(ByteBuffer.wrap(rewinds.bytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      pong(greedy);
    }
  }

  /// A sign of life that nobody asked for, from each that is not closed yet.
  private static void pong(List<SocketChannel> sockets) {
    for (int i = sockets.size() % 20; i < sockets.size(); i += 20) {
      try {
        sockets.get(i).write(ByteBuffer.wrap(PONG));
      } catch (IOException e) {
        // It has been cut: that is what this is about.
      }
    }
  }

  private static double metric(Node node, String name) {
    String all = node.management().get("/metrics").body();
    Matcher found = Pattern.compile(name + " ([0-9.E]+)").matcher(all);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }
}
