package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.net.RawClient.Answer;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a stranger gets who sends what HTTP does not allow, or too much of it.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class HostileRequestsTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\n";

  private final TestServer server;

  HostileRequestsTest(Transport transport) {
    server = new TestServer(transport);
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP\r\n\r\n",
        "GET / FTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1 x\r\nHost: h\r\n\r\n",
        "GET  HTTP/1.1\r\nHost: h\r\n\r\n",
        "G\u0000T / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http:// HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http://a\"b/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\u00e4 HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n: no name\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nSpace : x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n",
      })
  void malformedHeadsAreRefused(String head) throws Exception {
    expectRefusal(head, 400, "VALIDATION_ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "Content-Length: 3, 3\r\n\r\nabc",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +3\r\n\r\nabc",
        "Content-Length: 0x3\r\n\r\nabc",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: \r\n\r\n",
        "Content-Length : 3\r\n\r\nabc",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
      })
  void bodiesWhoseEndIsInDoubtAreRefused(String afterHost) throws Exception {
    expectRefusal(POST + afterHost, 400, "VALIDATION_ERROR");
  }

  @Test
  void chunksAreNotKnownInHttp10() throws Exception {
    expectRefusal(
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "VALIDATION_ERROR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTTP/1.1\nHost: h\n\n",
        "GET /a HTTP/1.1\r\nHost: h\n\r\n",
        "GET /a HTTP/1.1\r\nHost: h\r\nX: a\nContent-Length: 3\r\n\r\nabc",
        "GET /a HTTP/1.1\r\nHost: h\r\nX: a\rContent-Length: 3\r\n\r\nabc"
      })
  void aLineFeedAloneEndsNoLine(String head) throws Exception {
    expectRefusal(head, 400, "VALIDATION_ERROR");
  }

  @Test
  void otherVersionsAreNotSpoken() throws Exception {
    expectRefusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "VALIDATION_ERROR");
  }

  @Test
  void tooLongRequestLinesAreRefused() throws Exception {
    expectRefusal(
        "GET /" + "a".repeat(17_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414, "VALIDATION_ERROR");
  }

  @Test
  void tooLargeHeadersAreRefused() throws Exception {
    expectRefusal(
        "GET / HTTP/1.1\r\nHost: h\r\n" + "X: %s\r\n".formatted("a".repeat(1_000)).repeat(17),
        431,
        "VALIDATION_ERROR");
  }

  /// As soon as there is one too many: what the head would cost must not wait for its end.
  @Test
  void tooManyHeadersAreRefused() throws Exception {
    String head = "GET / HTTP/1.1\r\nHost: h\r\n";
    try (RawClient client = server.connect()) {
      client.send(head + "a:a\r\n".repeat(99) + "\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
    server.requests.clear();
    expectRefusal(head + "a:a\r\n".repeat(101), 431, "VALIDATION_ERROR");
  }

  @Test
  void tooManyTrailersAreRefused() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    try (RawClient client = server.connect()) {
      client.send(head + "a:a\r\n".repeat(100) + "\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
    server.requests.clear();
    expectRefusal(head + "a:a\r\n".repeat(102), 431, "VALIDATION_ERROR");
  }

  @Test
  void aHeaderThatNeverEndsIsRefused() throws Exception {
    expectRefusal("GET / HTTP/1.1\r\nHost: " + "a".repeat(20_000), 431, "VALIDATION_ERROR");
  }

  @Test
  void aDeclaredBodyOverTheLimitIsRefusedUnread() throws Exception {
    expectRefusal(POST + "Content-Length: 1001\r\n\r\n", 413, "PAYLOAD_TOO_LARGE");
    expectRefusal(
        POST + "Content-Length: 1001\r\n\r\n" + "b".repeat(1001), 413, "PAYLOAD_TOO_LARGE");
  }

  @Test
  void aBodyThatIsTooLargeIsNotAskedFor() throws Exception {
    expectRefusal(
        POST + "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n", 413, "PAYLOAD_TOO_LARGE");
  }

  @Test
  void aChunkedBodyIsRefusedAsSoonAsItPassesTheLimit() throws Exception {
    expectRefusal(
        POST + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + "b".repeat(1000) + "\r\n1\r\nb",
        413,
        "PAYLOAD_TOO_LARGE");
  }

  /// The answer must not be lost in the reset that closing on unread bytes would cause.
  @Test
  void aClientThatGoesOnSendingStillReadsItsRefusal() throws Exception {
    try (RawClient client = server.connect()) {
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
      byte[] chunk = ("400\r\n" + "b".repeat(1024) + "\r\n").getBytes("US-ASCII");
      for (int i = 0; i < 500; i++) {
        client.send(chunk);
      }
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n",
        "Content-Encoding: identity\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n",
      })
  void compressedBodiesAreRefusedUnread(String afterHost) throws Exception {
    expectRefusal(POST + afterHost, 415, "UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void otherExpectationsAreRefused() throws Exception {
    expectRefusal(POST + "Expect: a-miracle\r\nContent-Length: 3\r\n\r\n", 417, "VALIDATION_ERROR");
  }

  @Test
  void aRefusedHeadRequestGetsNoBody() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void whatFollowsARefusedRequestIsNotARequest() throws Exception {
    try (RawClient client = server.connect()) {
      client.send(
          POST
              + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
              + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void aConnectionThatIsResetWhileItsAnswerIsMadeDisturbsNobody() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    server.api =
        request ->
            request.path().equals("/big")
                ? go.thenApply(nothing -> TestServer.text(200, "x".repeat(10_000_000)))
                : CompletableFuture.completedStage(TestServer.echo(request));
    RawClient client = server.connect();
    client.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
    await().until(() -> server.requests.size() == 1);
    client.reset();
    go.complete(null);
    await().until(() -> server.openConnections() == 0);
    expectAlive();
  }

  @Test
  void aConnectionThatIsResetWithinABigAnswerIsForgotten() throws Exception {
    server.api =
        request -> CompletableFuture.completedStage(TestServer.text(200, "x".repeat(50_000_000)));
    RawClient client = server.connect();
    client.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
    client.head();
    client.reset();
    await().until(() -> server.openConnections() == 0);
  }

  @Test
  void halfABodyThenAnEndIsForgotten() throws Exception {
    try (RawClient client = server.connect()) {
      client.send(POST + "Content-Length: 10\r\n\r\nabc");
    }
    await().until(() -> server.openConnections() == 0);
    assertThat(server.requests).isEmpty();
  }

  private void expectRefusal(String sent, int status, String code) throws Exception {
    try (RawClient client = server.connect()) {
      Answer answer = client.send(sent).answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.body())
          .startsWith("{\"success\":false,")
          .contains("\"code\":\"" + code + "\"");
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.header("x-request-id")).isNotEmpty();
      assertThat(server.refusals).containsExactly(status);
      assertThat(HttpObserver.STATUSES).contains(status);
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(server.requests).isEmpty();
    expectAlive();
    server.requests.clear();
    server.refusals.clear();
  }

  private void expectAlive() throws Exception {
    try (RawClient client = server.connect()) {
      client.send("GET /alive HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }
}
