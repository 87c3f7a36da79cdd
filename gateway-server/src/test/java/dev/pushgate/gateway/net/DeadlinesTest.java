package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.net.RawClient.Answer;
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

/// Whoever is silent at the wrong moment is let go. In each test one time is short and the others
/// are long.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class DeadlinesTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final TestServer server;

  DeadlinesTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aThousandConnectionsThatSayNothingAreClosed() throws Exception {
    limits(SHORT, LONG, LONG);
    List<RawClient> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        silent.add(server.connect());
      }
      for (RawClient client : silent) {
        assertThat(client.isAtEnd()).isTrue();
      }
      await().until(() -> server.openConnections() == 0);
    } finally {
      for (RawClient client : silent) {
        client.close();
      }
    }
  }

  @Test
  void aHeaderThatDripsInIsCutOff() throws Exception {
    limits(SHORT, LONG, LONG);
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n");
      Thread drip = Thread.ofVirtual().start(() -> drip(client));
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.header("connection")).isEqualTo("close");
      client.close();
      drip.join();
    }
  }

  @Test
  void aLaterRequestsHeaderIsTimedFromItsFirstByte() throws Exception {
    limits(SHORT, LONG, LONG);
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /half HTTP/1.1\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  /// Some clients send one behind a body; it belongs to no request (RFC 9112, section 2.2).
  @Test
  void aLineEndBehindABodyBeginsNoRequest() throws Exception {
    limits(SHORT, LONG, SHORT.multipliedBy(3));
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void halfABodyThenSilenceIsCutOff() throws Exception {
    limits(LONG, SHORT, LONG);
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(client.isAtEnd()).isTrue();
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws Exception {
    limits(LONG, LONG, SHORT);
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void anAnswerThatIsNotReadyInTimeIsGivenUpAndComesToNothing() throws Exception {
    CompletableFuture<ApiResponse> late = new CompletableFuture<>();
    server.api = request -> late;
    limits(LONG, SHORT, LONG);
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\n\r\n");
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("STORE_UNAVAILABLE");
      assertThat(answer.header("retry-after")).isNotEmpty();
      late.complete(TestServer.text(200, "late"));
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsClosed() throws Exception {
    server.api =
        request -> CompletableFuture.completedStage(TestServer.text(200, "x".repeat(50_000_000)));
    limits(LONG, SHORT, LONG);
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await().until(() -> server.requests.size() == 1);
      await().until(() -> server.openConnections() == 0);
    }
  }

  private void limits(Duration handshake, Duration request, Duration idle) {
    server.with(new HttpLimits.Times(handshake, request, idle)).start();
  }

  /// A header byte at a time for as long as the server listens.
  private static void drip(RawClient client) {
    try {
      while (true) {
        client.send("a");
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      // The server hung up, which is what the test waits for.
    }
  }
}
