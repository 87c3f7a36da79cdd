package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.gateway.net.RawClient.Answer;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.AnswerRoom;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers that are large, and clients that do not read them.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class AnswerRoomTest {
  private static final int LARGE = 6_000_000;
  private static final String GET = "GET /large HTTP/1.1\r\nHost: h\r\n\r\n";

  private final TestServer server;

  AnswerRoomTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void unreadAnswersTakeNoMoreThanTheirShareAndLittleDirectMemory() throws Exception {
    server.api = request -> CompletableFuture.completedStage(large(request));
    server.with(MemoryKind.ANSWERS, 4 * LARGE, MemoryParts.WHOLE).start();
    List<RawClient> deaf = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        deaf.add(server.connect().send(GET));
      }
      await().until(() -> server.held(MemoryKind.ANSWERS) == 4 * LARGE);
      try (RawClient client = server.connect()) {
        Answer refused = client.send(GET).answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(client.send("GET /small HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
            .isEqualTo(200);
      }
      // Each has the little that is written ahead; whole they would be 24 MB.
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThan(20 << 20);
      assertThat(deaf.getFirst().answer().body()).hasSize(LARGE);
      await().until(() -> server.held(MemoryKind.ANSWERS) == 3 * LARGE);
    } finally {
      for (RawClient client : deaf) {
        client.close();
      }
    }
    await().until(() -> server.held(MemoryKind.ANSWERS) == 0);
  }

  @Test
  void whatTheApiTookBeforeIsHeldUntilItsAnswerIsSent() throws Exception {
    CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
    server.api = taking(1_000, answer);
    server.with(MemoryKind.ANSWERS, LARGE, MemoryParts.WHOLE).start();
    try (RawClient client = server.connect()) {
      client.send(GET);
      await().until(() -> server.held(MemoryKind.ANSWERS) == 1_000);
      answer.complete(TestServer.text(200, "done"));
      assertThat(client.answer().body()).isEqualTo("done");
      await().until(() -> server.held(MemoryKind.ANSWERS) == 0);
    }
  }

  @Test
  void whatWasTakenForAnAnswerThatComesTooLateIsGivenBack() throws Exception {
    CompletableFuture<ApiResponse> answer = new CompletableFuture<>();
    server.api = taking(1_000, answer);
    Duration minute = Duration.ofMinutes(1);
    server.with(new HttpLimits.Times(minute, Duration.ofMillis(300), minute));
    server.with(MemoryKind.ANSWERS, LARGE, MemoryParts.WHOLE).start();
    try (RawClient client = server.connect()) {
      assertThat(client.send(GET).answer().status()).isEqualTo(503);
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(server.held(MemoryKind.ANSWERS)).isEqualTo(1_000);
    answer.complete(TestServer.text(200, "done"));
    await().until(() -> server.held(MemoryKind.ANSWERS) == 0);
  }

  @Test
  void theHeadOfALargeAnswerTakesNothing() throws Exception {
    server.api = request -> CompletableFuture.completedStage(large(request));
    server.with(MemoryKind.ANSWERS, LARGE / 2, MemoryParts.WHOLE).start();
    try (RawClient client = server.connect()) {
      Answer head = client.send("HEAD /large HTTP/1.1\r\nHost: h\r\n\r\n").head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).isEqualTo("" + LARGE);
      assertThat(client.send(GET).answer().status()).isEqualTo(503);
    }
  }

  private static ApiResponse large(ApiRequest request) {
    return TestServer.text(200, request.path().equals("/large") ? "x".repeat(LARGE) : "small");
  }

  private static HttpApi taking(long bytes, CompletableFuture<ApiResponse> answer) {
    return new HttpApi() {
      @Override
      public CompletionStage<ApiResponse> handle(ApiRequest request) {
        throw new AssertionError("answered by what its head came to");
      }

      @Override
      public Reception reception(ApiRequest head) {
        return new Reception.Read(
            0, MemoryHolder.NODE, (ApiRequest request, AnswerRoom room) -> take(room));
      }

      private CompletionStage<ApiResponse> take(AnswerRoom room) {
        assertThat(room.take(bytes)).isTrue();
        return answer;
      }
    };
  }
}
