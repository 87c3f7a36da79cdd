package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Bodies of requests, whole and in chunks.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class RequestBodiesTest {
  private static final String CRLF = "\r\n";
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n";

  private final TestServer server;

  RequestBodiesTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aBodyIsAskedForWhenTheClientWaitsForThat() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(100);
      assertThat(client.send("abc").answer().body()).isEqualTo("POST / ? [abc]");
    }
  }

  @Test
  void chunkedBodiesAreTakenUpToTheLimit() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      String part = "x".repeat(100);
      client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < TestServer.MAX_BODY_BYTES / 100; i++) {
        client.send("64;ext=1\r\n" + part + CRLF);
      }
      client.send("0\r\nTrailer: ignored\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("POST / ? [" + part.repeat(10) + "]");
      assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyOfExactlyTheLimitIsTaken() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      String body = "b".repeat(TestServer.MAX_BODY_BYTES);
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body);
      assertThat(client.answer().body()).isEqualTo("POST / ? [" + body + "]");
    }
  }

  @Test
  void bodiesBeyondWhatAllMayTakeTogetherAreRefusedUntilOthersAreDone() throws Exception {
    server.with(MemoryKind.BODIES, 2_000, MemoryParts.WHOLE).start();
    try (RawClient first = server.connect();
        RawClient second = server.connect();
        RawClient third = server.connect();
        RawClient fourth = server.connect()) {
      first.send(HEAD + "b".repeat(999));
      second.send(HEAD + "b".repeat(999));
      await().until(() -> server.heldBodyBytes() == 2_000);
      RawClient.Answer refused = third.send(HEAD + "b").answer();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.body()).contains("\"code\":\"SERVER_ERROR\"");
      assertThat(server.refusals).containsExactly(503);
      assertThat(first.send("b").answer().status()).isEqualTo(200);
      assertThat(fourth.send(HEAD + "b".repeat(1_000)).answer().status()).isEqualTo(200);
    }
    await().until(() -> server.heldBodyBytes() == 0);
  }

  @Test
  void aBodyCountsForAsLongAsTheApiHasIt() throws Exception {
    CompletableFuture<ApiResponse> late = new CompletableFuture<>();
    server.api = request -> late;
    Duration minute = Duration.ofMinutes(1);
    server.with(new HttpLimits.Times(minute, Duration.ofMillis(300), minute)).start();
    try (RawClient client = server.connect()) {
      assertThat(client.send(HEAD + "b".repeat(1_000)).answer().status()).isEqualTo(503);
      assertThat(client.isAtEnd()).isTrue();
    }
    await().until(() -> server.openConnections() == 0);
    assertThat(server.heldBodyBytes()).isEqualTo(1_000);
    late.complete(TestServer.text(200, ""));
    assertThat(server.heldBodyBytes()).isZero();
  }

  @Test
  void theBodyOfARequestThatItsHeadRefusesIsNotReadNorAskedFor() throws Exception {
    server.api = receiving(new Reception.Refused(TestServer.text(401, "who?")));
    server.guard = new AddressGuard(1, 1, 10, () -> 0);
    server.start();
    assertThat(withBody(401)).isEqualTo("who?");
    assertThat(withBody(429)).contains("RATE_LIMITED");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aRefusedHeadWithoutABodyKeepsItsConnection() throws Exception {
    server.api = receiving(new Reception.Refused(TestServer.text(401, "who?")));
    server.guard = new AddressGuard(1, 2, 10, () -> 0);
    server.start();
    try (RawClient client = server.connect()) {
      for (int status : new int[] {401, 401, 429}) {
        client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(status);
      }
    }
  }

  @Test
  void aBodyIsReadUpToWhatItsHeadMayBring() throws Exception {
    server.api =
        receiving(new Reception.Read(4, MemoryHolder.NODE, (request, _) -> echoed(request)));
    server.start();
    String head = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (RawClient client = server.connect()) {
      assertThat(client.send(head + "4\r\nbody\r\n0\r\n\r\n").answer().status()).isEqualTo(200);
      RawClient.Answer refused = client.send(head + "4\r\nbody\r\n1\r\n!\r\n").answer();
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.body()).contains("larger than 4 bytes");
    }
    await().until(() -> server.heldBodyBytes() == 0);
  }

  private static CompletionStage<ApiResponse> echoed(ApiRequest request) {
    return CompletableFuture.completedStage(TestServer.echo(request));
  }

  private static HttpApi receiving(Reception reception) {
    return new HttpApi() {
      @Override
      public CompletionStage<ApiResponse> handle(ApiRequest request) {
        return echoed(request);
      }

      @Override
      public Reception reception(ApiRequest head) {
        return reception;
      }
    };
  }

  private String withBody(int status) throws Exception {
    try (RawClient client = server.connect()) {
      client.send(HEAD.replace("Host", "Expect: 100-continue\r\nHost"));
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.send("b".repeat(1_000)).isAtEnd()).isTrue();
      return answer.body();
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      String request = "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
      for (int i = 0; i < request.length(); i++) {
        client.send(request.substring(i, i + 1));
      }
      assertThat(client.answer().body()).isEqualTo("POST /slow ? [abc]");
    }
  }
}
