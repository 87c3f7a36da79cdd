package dev.pushgate.gateway.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Pipelining (RFC 9112, section 9.3.2).
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class RequestsSentAheadTest {
  private final TestServer server;

  RequestsSentAheadTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aHundredRequestsInOneWriteAreAnsweredInOrder() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      sendHundredAndExpectThemInOrder(client);
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInOrderAlsoWhenTheApiTakesItsTime() throws Exception {
    Random random = new Random(7);
    try (ScheduledExecutorService elsewhere = Executors.newScheduledThreadPool(4)) {
      server.api =
          request -> {
            CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
            var unused =
                elsewhere.schedule(
                    () -> answer.complete(TestServer.echo(request)),
                    random.nextInt(3_000),
                    TimeUnit.MICROSECONDS);
            return answer;
          };
      server.start();
      try (RawClient client = server.connect()) {
        sendHundredAndExpectThemInOrder(client);
      }
    }
  }

  /// Far more than one read takes, and than a stack would bear if each answer called the next.
  @Test
  void thousandsOfRequestsSentAheadAreAnswered() throws Exception {
    server.start();
    int count = 5_000;
    try (RawClient client = server.connect()) {
      Thread sender = Thread.ofVirtual().start(() -> sendQuietly(client, get("/x").repeat(count)));
      for (int i = 0; i < count; i++) {
        assertThat(client.answer().status()).isEqualTo(200);
      }
      sender.join();
    }
  }

  /// Nothing may be read while a request is worked on, or a client could fill the memory with
  /// requests.
  @Test
  void aClientThatSendsAheadIsHeldBackByItsSocket() throws Exception {
    server.api = request -> new CompletableFuture<>();
    server.start();
    long more = 64L << 20;
    try (SocketChannel client = SocketChannel.open(server.address())) {
      client.configureBlocking(false);
      ByteBuffer requests = ByteBuffer.wrap(get("/x").repeat(1_000).getBytes(US_ASCII));
      long sent = 0;
      int stalls = 0;
      while (stalls < 50 && sent < more) {
        int written = client.write(requests.rewind());
        sent += written;
        stalls = written == 0 ? stalls + 1 : 0;
        if (written == 0) {
          Thread.sleep(10);
        }
      }
      assertThat(sent).isLessThan(more);
      assertThat(server.requests).hasSize(1);
    }
  }

  private static void sendHundredAndExpectThemInOrder(RawClient client) throws Exception {
    StringBuilder all = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (i % 3 == 0) {
        all.append(
            ("POST /r%d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\nhi\r\n0\r\n\r\n")
                .formatted(i));
        expected.add("POST /r" + i + " ? [hi]");
      } else {
        all.append(get("/r" + i));
        expected.add("GET /r" + i + " ? []");
      }
    }
    client.send(all.toString());
    List<String> answered = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answered.add(client.answer().body());
    }
    assertThat(answered).isEqualTo(expected);
  }

  private static void sendQuietly(RawClient client, String text) {
    try {
      client.send(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
}
