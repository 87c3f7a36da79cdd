package dev.pushgate.gateway.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.RawClient.Answer;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What well-behaved clients get.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class HttpRequestsTest {
  private final TestServer server;

  HttpRequestsTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void oneConnectionAnswersOneRequestAfterTheOther() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      for (int i = 0; i < 5; i++) {
        client.send("POST /p" + i + "?q=%20 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");
        Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("POST /p" + i + " ?q=%20 [ab]");
        assertThat(answer.headers()).doesNotContainKey("connection");
      }
    }
  }

  @Test
  void everyAnswerHasDateLengthAndRequestId() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      Answer answer = client.send(get("/")).answer();
      assertThat(answer.header("date")).isEqualTo("Mon, 02 Nov 2026 03:04:05 GMT");
      assertThat(answer.header("content-length")).isEqualTo("10");
      assertThat(answer.header("content-type")).isEqualTo("text/plain");
      assertThat(answer.header("x-request-id")).hasSize(16);
      assertThat(server.requests.getFirst().requestId()).isEqualTo(answer.header("x-request-id"));
    }
  }

  @Test
  void aClientsRequestIdIsTakenWhenItCanBePrinted() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: abc-1\r\n\r\n");
      assertThat(client.answer().header("x-request-id")).isEqualTo("abc-1");
      String longest = "x".repeat(128);
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: " + longest + "\r\n\r\n");
      assertThat(client.answer().header("x-request-id")).isEqualTo(longest);
      for (String bad : List.of(longest + "x", "a b", "\u00e4", "")) {
        client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: " + bad + "\r\n\r\n");
        assertThat(client.answer().header("x-request-id")).matches("[0-9a-f]{16}");
      }
    }
  }

  @Test
  void headHasTheLengthOfTheBodyButNotTheBody() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send("HEAD /path HTTP/1.1\r\nHost: h\r\n\r\n");
      Answer answer = client.head();
      assertThat(answer.header("content-length")).isEqualTo("15");
      client.send(get("/after"));
      assertThat(client.answer().body()).isEqualTo("GET /after ? []");
    }
  }

  @Test
  void aNoContentAnswerHasNoLength() throws Exception {
    server.api =
        request -> CompletableFuture.completedStage(new ApiResponse(204, Map.of(), new byte[0]));
    server.start();
    try (RawClient client = server.connect()) {
      Answer answer = client.send("DELETE /x HTTP/1.1\r\nHost: h\r\n\r\n").answer();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.headers()).doesNotContainKey("content-length");
      assertThat(client.send(get("/")).answer().status()).isEqualTo(204);
    }
  }

  @Test
  void aHeaderHasACharacterForEachOfItsBytes() throws Exception {
    server.api =
        request -> {
          byte[] value = String.valueOf(request.header("x")).getBytes(ISO_8859_1);
          return CompletableFuture.completedStage(new ApiResponse(200, Map.of(), value));
        };
    server.start();
    try (RawClient client = server.connect()) {
      String latin1 = new String("\ud83d\ude00\u00fc".getBytes(UTF_8), ISO_8859_1);
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + latin1 + "\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("\ud83d\ude00\u00fc");
    }
  }

  @Test
  void connectionCloseIsHonoured() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.answer().header("connection")).isEqualTo("close");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void http10IsClosedUnlessItAsksToBeKept() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.answer().header("connection")).isEqualTo("keep-alive");
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(client.answer().header("connection")).isEqualTo("close");
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void headersReachTheApiInLowercaseAndJoined() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\nHOST: h\r\nX-Thing: a\r\nx-thing: b\r\n\r\n");
      client.answer();
      ApiRequest request = server.requests.getFirst();
      assertThat(request.header("x-thing")).isEqualTo("a, b");
      assertThat(request.header("host")).isEqualTo("h");
    }
  }

  @Test
  void targetsAreHandedOverRawAndAbsoluteOnesResolved() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      assertThat(client.send(get("/a%2Fb/%00?x=%zz&y?z")).answer().body())
          .isEqualTo("GET /a%2Fb/%00 ?x=%zz&y?z []");
      assertThat(client.send(get("http://other:81/p?q")).answer().body()).isEqualTo("GET /p ?q []");
      assertThat(server.requests.getLast().publicOrigin()).isEqualTo("http://other:81");
      assertThat(client.send(get("HTTP://other?q")).answer().body()).isEqualTo("GET / ?q []");
      assertThat(client.send("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").answer().body())
          .isEqualTo("OPTIONS / ? []");
    }
  }

  @Test
  void anApiThatFailsIsAnsweredWith500AndNothingOfTheFailure() throws Exception {
    server.api =
        request -> {
          if (request.path().equals("/throws")) {
            throw new IllegalStateException("s3cret");
          }
          return CompletableFuture.failedStage(new IllegalStateException("s3cret"));
        };
    server.start();
    try (RawClient client = server.connect()) {
      for (String path : List.of("/throws", "/fails")) {
        Answer answer = client.send(get(path)).answer();
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("\"code\":\"SERVER_ERROR\"").doesNotContain("s3cret");
      }
    }
  }

  @Test
  void manyRequestsOfJavasOwnClientAreAnswered() throws Exception {
    server.start();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http:/" + server.address() + "/n/" + i))
                .POST(HttpRequest.BodyPublishers.ofString("body " + i))
                .expectContinue(i % 2 == 0)
                .build();
        answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString(UTF_8)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(answers.get(i).get(20, TimeUnit.SECONDS).body())
            .isEqualTo("POST /n/" + i + " ?" + " [body " + i + "]");
      }
    }
  }

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
}
