package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.net.RawClient.Answer;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Who gets room for a body when there is little. The key is what a request says it is.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class BodyRoomTest {
  private static final int LARGE = 256 * 1024;

  private final TestServer server;
  private final List<RawClient> open = new ArrayList<>();

  BodyRoomTest(Transport transport) {
    server = new TestServer(transport);
    server.maxBodyBytes(LARGE);
    server.api =
        new HttpApi() {
          @Override
          public CompletionStage<ApiResponse> handle(ApiRequest request) {
            return CompletableFuture.completedStage(TestServer.text(200, ""));
          }

          @Override
          public Reception reception(ApiRequest head) {
            MemoryHolder holder =
                new MemoryHolder(AppId.DEFAULT, head.headers().get("key"), head.remoteAddress());
            return new Reception.Read(LARGE, holder, (request, _) -> handle(request));
          }
        };
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient client : open) {
      client.close();
    }
    server.close();
  }

  @Test
  void aKeyHasItsPartAndAllOthersTheRest() throws Exception {
    server.with(MemoryKind.BODIES, 8 * LARGE, new MemoryParts(100, 30, 100)).start();
    hold("greedy", 2);
    assertThat(answerTo("greedy", LARGE).status()).isEqualTo(503);
    assertThat(answerTo("other", LARGE).status()).isEqualTo(200);
  }

  @Test
  void anAddressHasItsPartWhateverKeysItShows() throws Exception {
    server.with(MemoryKind.BODIES, 8 * LARGE, new MemoryParts(100, 100, 30)).start();
    hold("one", 1);
    hold("two", 1);
    Answer refused = answerTo("three", LARGE);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isEqualTo("1");
  }

  @Test
  void aSmallBodyIsTakenWhenLargeOnesHaveAllTheRest() throws Exception {
    server.with(MemoryKind.BODIES, 4 * LARGE, MemoryParts.WHOLE).start();
    hold("greedy", 3);
    // What is given up for it must not be what makes room for the small one.
    for (int i = 0; i < 20; i++) {
      assertThat(answerTo("other", 2_000).status()).isEqualTo(200);
    }
    assertThat(server.held(MemoryKind.BODIES)).isEqualTo(3 * LARGE);
  }

  @Test
  void theLargestOfTheGreediestGoesWhenAllIsUsedUp() throws Exception {
    server.with(MemoryKind.BODIES, 4 * LARGE, MemoryParts.WHOLE).start();
    hold("modest", 1);
    RawClient modest = open.getFirst();
    hold("greedy", 2);
    assertThat(answerTo("other", LARGE).status()).isEqualTo(200);
    assertThat(server.held(MemoryKind.BODIES)).isEqualTo(2 * LARGE);
    assertThat(modest.send("b").answer().status()).isEqualTo(200);
    assertThat(open.stream().skip(1).filter(BodyRoomTest::isRefused)).hasSize(1);
  }

  @Test
  void allIsGivenBackWhenTheClientsLeave() throws Exception {
    server.with(MemoryKind.BODIES, 4 * LARGE, MemoryParts.WHOLE).start();
    hold("greedy", 3);
    for (RawClient client : open) {
      client.reset();
    }
    await().until(() -> server.held(MemoryKind.BODIES) == 0);
  }

  private static boolean isRefused(RawClient client) {
    try {
      client.socket().setSoTimeout(500);
      return client.answer().status() == 503;
    } catch (IOException e) {
      return false;
    }
  }

  private void hold(String key, int bodies) throws Exception {
    long before = server.held(MemoryKind.BODIES);
    for (int i = 0; i < bodies; i++) {
      begun(key, LARGE - 1, LARGE);
    }
    await().until(() -> server.held(MemoryKind.BODIES) == before + (long) bodies * LARGE);
  }

  private Answer answerTo(String key, int bytes) throws IOException {
    try (RawClient client = server.connect()) {
      return client.send(head(key, bytes) + "b".repeat(bytes)).answer();
    }
  }

  private RawClient begun(String key, int sent, int declared) throws IOException {
    RawClient client = server.connect();
    open.add(client);
    return client.send(head(key, declared) + "b".repeat(sent));
  }

  private static String head(String key, int bytes) {
    return "POST / HTTP/1.1\r\nHost: h\r\nKey: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(key, bytes);
  }
}
