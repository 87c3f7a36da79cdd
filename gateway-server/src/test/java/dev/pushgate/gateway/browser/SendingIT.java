package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Many publishes at once: they wait for each other, rather than being too many for the gateway.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class SendingIT {
  private static final int WINDOW = 16;

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private ScriptedServer server;

  @BeforeEach
  void start() {
    server = new ScriptedServer(Visit::beSilent);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// Half as many again as the gateway takes at once.
  @Test
  void moreThanTheGatewayTakesAtOnceArriveInOrderOverOneConnection(@TempDir Path directory) {
    int count = 750;
    try (NodeInProcess node = node(directory)) {
      ClientPage page = connected(node, "");
      Object offsets =
          page.run(
              """
              const all = Array.from({ length: arguments[0] }, (_, i) => client.publish('many', i))
              return Promise.all(all).then(published => published.map(({ offset }) => offset))
              """,
              count);
      assertThat(offsets).isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
      assertThat(page.said()).containsExactly("state connecting", "state connected", "connected");
    }
  }

  /// Its ref is not read, so the answer has none. Here no timeout would free its place either.
  @Test
  void whatIsTooLargeForAFrameIsRefusedAndLeavesItsPlaceToOthers(@TempDir Path directory) {
    try (NodeInProcess node = node(directory)) {
      ClientPage page = connected(node, "requestTimeout: 0");
      Object outcomes =
          page.run(
              """
              const said = ({ code, retryable }) => `${code} ${retryable}`
              const small = client.publish('large', 'before')
              const large = Array.from({ length: arguments[0] }, (_, i) =>
                client.publish('large', 'x'.repeat(70_000 + i)).catch(said))
              const last = client.publish('large', 'after')
              return Promise.all([small, ...large, last]).then(all => all.map(one => one.offset ?? one))
              """,
              WINDOW);
      List<Object> expected =
          new ArrayList<>(Collections.nCopies(WINDOW, "PAYLOAD_TOO_LARGE false"));
      expected.addFirst(1L);
      expected.addLast(2L);
      assertThat(outcomes).isEqualTo(expected);
      assertThat(page.said()).containsExactly("state connecting", "state connected", "connected");
    }
  }

  /// Whoever asks for a channel with a name of that length is told, and its publishes go on.
  @Test
  void aSubscriptionThatIsTooLargeForAFrameIsRefused(@TempDir Path directory) {
    try (NodeInProcess node = node(directory)) {
      ClientPage page = connected(node, "");
      Object outcomes =
          page.run(
              """
              const ready = client.subscribe('n'.repeat(70_000), { onError() {} }).ready
              const small = client.publish('small', 1)
              return Promise.all([ready.catch(({ code }) => code), small.then(({ offset }) => offset)])
              """);
      assertThat(outcomes).isEqualTo(List.of("PAYLOAD_TOO_LARGE", 1L));
    }
  }

  @Test
  void noMoreThanAWindowIsWithoutAnAnswer() {
    server.script(
        visit -> {
          visit.welcome();
          String first = visit.hear("publish");
          for (int i = 1; i < WINDOW; i++) {
            visit.hear("publish");
          }
          visit.hear(); // the ping: nothing else is to be said
          visit.say("{\"type\":\"pong\"}");
          published(visit, first, 1);
          visit.hear("publish");
          visit.serve(0);
        });
    ClientPage page = connected("heartbeatInterval: 200");
    page.run("for (let i = 0; i < 40; i++) client.publish('c', i).catch(() => {})");
    Awaitility.await().until(() -> publishes(server.heard()) == WINDOW + 1);
    List<String> heard = server.heard();
    int next = 0;
    while (publishes(heard.subList(0, next + 1)) <= WINDOW) {
      next++;
    }
    assertThat(heard.get(next - 1)).contains("\"ping\""); // there may be others before
  }

  @Test
  void theTimeInWhichOneWaitsForTheOthersIsNotHeldAgainstIt() {
    int count = 150;
    server.script(
        visit -> {
          visit.welcome();
          for (int i = 1; i <= count; i++) {
            String ref = visit.hear("publish");
            pause(40);
            published(visit, ref, i);
          }
          visit.serve(0);
        });
    ClientPage page = connected("requestTimeout: 4_000");
    Object last =
        page.run(
            """
            const all = Array.from({ length: arguments[0] }, (_, i) => client.publish('c', i))
            return Promise.all(all).then(published => published.at(-1).offset)
            """,
            count);
    assertThat(last).isEqualTo((long) count);
  }

  @Test
  void whatWaitsBehindASilentServerEndsInTimeToo() {
    server.script(
        visit -> {
          visit.welcome();
          visit.serve(0);
        });
    ClientPage page = connected("requestTimeout: 300");
    assertThat(
            page.run(
                """
                const all = Array.from({ length: 40 }, (_, i) =>
                  client.publish('c', i).catch(({ code }) => code))
                return Promise.all(all).then(codes => [...new Set(codes)])
                """))
        .isEqualTo(List.of("TIMEOUT"));
  }

  @Test
  void aServerThatSaysTooFastIsLeftAloneForAWhile() {
    AtomicLong saidAt = new AtomicLong();
    AtomicLong heardAt = new AtomicLong();
    server.script(
        visit -> {
          visit.welcome();
          String ref = visit.hear("publish");
          saidAt.set(System.nanoTime());
          visit.say("{\"type\":\"error\",\"error\":\"Too fast\",\"code\":\"RATE_LIMITED\"}");
          published(visit, ref, 1);
          published(visit, visit.hear("publish"), 2);
          heardAt.set(System.nanoTime());
          visit.serve(0);
        });
    ClientPage page = connected("");
    page.run("return client.publish('c', 1)");
    page.run("return client.publish('c', 2)");
    assertThat(heardAt.get() - saidAt.get()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_900));
    assertThat(page.errors()).containsExactly("error RATE_LIMITED: Too fast");
  }

  private ClientPage connected(String options) {
    return stage.client().connect(server.origin(), "k", options).awaitConnected();
  }

  private ClientPage connected(NodeInProcess node, String options) {
    String origin = "http://127.0.0.1:" + node.port();
    return stage.client().connect(origin, Node.SECRET_KEY, options).awaitConnected();
  }

  private static NodeInProcess node(Path directory) {
    return NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()));
  }

  private static long publishes(List<String> heard) {
    return heard.stream().filter(text -> text.contains("\"publish\"")).count();
  }

  private static void published(Visit visit, String ref, int offset) throws IOException {
    visit.say(
        "{\"type\":\"published\",\"ref\":\"%s\",\"messageId\":\"m\",\"epoch\":\"e\",\"offset\":%d}"
            .formatted(ref, offset));
  }

  private static void pause(long ms) throws IOException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
