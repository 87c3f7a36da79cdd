package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.browser.ForgetfulGateway.AnswerLost;
import dev.pushgate.gateway.browser.ForgetfulGateway.Refused;
import dev.pushgate.gateway.browser.ForgetfulGateway.Try;
import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.FreePort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The functions of examples/serverless. They are modules of the web's own parts (`fetch`,
/// `Request`, `Response`), so a browser can stand for each of their platforms.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ServerlessExampleIT {
  private static final AtomicInteger ORDERS = new AtomicInteger();

  private Browser browser;
  private Pages pages;
  private StandingNode node;
  private ForgetfulGateway gateway;
  private Page page;

  @BeforeAll
  void start(@TempDir Path directory) {
    browser = Browser.start();
    pages = Pages.start();
    node = new StandingNode(directory);
    gateway = new ForgetfulGateway(node.origin());
    page = browser.open(pages.origin() + "/empty.html");
    page.run("return import('/platforms.js').then(() => {})");
  }

  @AfterAll
  void stop() {
    gateway.close();
    node.close();
    pages.close();
    browser.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vercel", "cloudflare", "netlify", "lambda", "lambdaInBase64"})
  void aMessageWhoseFirstAnswerIsLostArrivesOnce(String platform) {
    String order = "order-" + ORDERS.incrementAndGet();
    try (SocketClient user = new SocketClient(node.port())) {
      user.handshake("/ws?token=" + page.run("return token(...arguments)", order, environment()));
      user.subscribe("orders-" + order);

      gateway.expect(new AnswerLost());
      Answer answer = call(platform, gateway.origin(), "POST", paid(order));

      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
      assertThat(gateway.tries())
          .extracting(Try::idempotencyKey)
          .containsExactly("order-" + order + "-paid", "order-" + order + "-paid");
      assertThat(user.nextWith("\"message\"")).contains("\"total\":49.9", "\"offset\":1");
      node.rest().publish("orders-" + order, "\"what comes next\"");
      assertThat(user.nextWith("\"message\"")).contains("what comes next", "\"offset\":2");
    }
  }

  @Test
  void nobodyElseSeesTheOrder() {
    gateway.expect();
    String order = "order-" + ORDERS.incrementAndGet();
    assertThat(call("vercel", gateway.origin(), "POST", paid(order)).status()).isEqualTo(201);
    Object other = page.run("return token(...arguments)", "somebody-else", environment());
    for (Object credential : List.of(Node.PUBLISH_KEY, String.valueOf(other))) {
      try (SocketClient stranger = new SocketClient(node.port())) {
        stranger.handshake("/ws?token=" + credential);
        stranger.text(
            "{\"type\":\"subscribe\",\"channel\":\"orders-%s\",\"rewind\":1}".formatted(order));
        assertThat(stranger.nextWith(order)).contains("FORBIDDEN");
      }
    }
    assertThat(call("vercel", gateway.origin(), "POST", paid(order)).status()).isEqualTo(201);
    assertThat(gateway.others()).as("it is declared once").containsOnlyOnce("/api/v1/channels");
  }

  @Test
  void aChannelThatWasPublicIsMadePrivateFirst() {
    gateway.expect();
    String order = "order-" + ORDERS.incrementAndGet();
    assertThat(node.rest().declare("orders-" + order).status()).isEqualTo(201);
    assertThat(call("vercel", gateway.origin(), "POST", paid(order)).status()).isEqualTo(201);
    assertThat(gateway.others()).last().isEqualTo("/api/v1/channels/orders-" + order);
    try (SocketClient stranger = new SocketClient(node.port())) {
      stranger.handshake("/ws?token=" + Node.PUBLISH_KEY);
      stranger.text(
          "{\"type\":\"subscribe\",\"channel\":\"orders-%s\",\"rewind\":1}".formatted(order));
      assertThat(stranger.nextWith(order)).contains("FORBIDDEN");
    }
  }

  /// As the README says to try them.
  @Test
  void allFourTellOneOrderOnceOnThisMachine() throws Exception {
    Programs.need("node");
    String order = "order-" + ORDERS.incrementAndGet();
    ProcessBuilder builder = new ProcessBuilder("node", "serverless/local.js", order);
    builder.directory(ExampleSite.EXAMPLES.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("PUSHGATE_URL", node.origin(), "PUSHGATE_SECRET_KEY", Node.SECRET_KEY));
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).isZero();
    assertThat(lines).hasSize(4).allMatch(line -> line.contains(" 201 "));
    assertThat(lines.stream().map(line -> line.replaceFirst("^\\S+ +", "")).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vercel", "cloudflare", "netlify", "lambda", "lambdaInBase64"})
  void badInputIsRefusedAndNothingIsSent(String platform) {
    gateway.expect();
    for (String body :
        List.of(
            "",
            "{",
            "null",
            "[]",
            "{\"id\":\"7\"}",
            "{\"id\":7,\"userId\":\"ann\",\"total\":1}",
            "{\"id\":\"7\",\"userId\":\"ann\",\"total\":\"1\"}",
            "{\"id\":\"7\",\"userId\":\"../ann\",\"total\":1}",
            "{\"id\":\"7\",\"userId\":\"Ann\",\"total\":1}",
            "{\"id\":\"7\",\"userId\":\"ann--b\",\"total\":1}")) {
      Answer answer = call(platform, gateway.origin(), "POST", body);
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.text()).contains("\"error\":\"Send ");
    }
    assertThat(gateway.tries()).isEmpty();
  }

  /// Vercel answers other methods itself, for its module exports none.
  @ParameterizedTest
  @ValueSource(strings = {"cloudflare", "netlify", "lambda"})
  void otherMethodsAreRefused(String platform) {
    assertThat(call(platform, gateway.origin(), "PUT", paid("7")).status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vercel", "cloudflare", "netlify", "lambda"})
  void whileTheGatewayIsAwayItSaysSoAndNoMore(String platform) {
    String away = "http://127.0.0.1:" + FreePort.any();
    Answer answer = call(platform, away, "POST", paid("7"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("Send it again").doesNotContain("127.0.0.1", "sec_");
  }

  @Test
  void theSameOrderFromEveryPlatformIsOneMessage() {
    gateway.expect();
    String body = paid("order-" + ORDERS.incrementAndGet());
    for (String platform : List.of("vercel", "cloudflare", "netlify", "lambda", "lambdaInBase64")) {
      Answer answer = call(platform, gateway.origin(), "POST", body);
      assertThat(answer).as(platform).isEqualTo(new Answer(201, "{\"offset\":1}"));
    }
    assertThat(gateway.tries()).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void itWaitsForAsLongAsItIsAskedTo(int status) {
    gateway.expect(new Refused(status, "1"));
    Answer answer = call("vercel", gateway.origin(), "POST", paid("of-" + status));
    assertThat(answer.status()).isEqualTo(201);
    List<Try> tries = gateway.tries();
    assertThat(tries).hasSize(2);
    assertThat(tries.getLast().atNanos() - tries.getFirst().atNanos())
        .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void itDoesNotWaitForLongerThanAFunctionHas() {
    gateway.expect(new Refused(503, "60"));
    Answer answer = call("vercel", gateway.origin(), "POST", paid("7"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(gateway.tries()).hasSize(1);
  }

  @Test
  void itGivesUpAfterThreeTries() {
    gateway.expect(new Refused(500, ""), new Refused(502, ""), new Refused(503, ""));
    Answer answer = call("vercel", gateway.origin(), "POST", paid("7"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(gateway.tries()).hasSize(3);
  }

  @Test
  void whatWouldBeRefusedAgainIsNotTriedAgain() {
    gateway.expect();
    Answer answer = call("vercel", gateway.origin(), "sec_wrong", "POST", paid("of-nobody"));
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).doesNotContain("sec_wrong");
    assertThat(gateway.others()).hasSize(1);
    assertThat(gateway.tries()).isEmpty();
  }

  private record Answer(int status, String text) {}

  private static String paid(String order) {
    return "{\"id\":\"%s\",\"userId\":\"%s\",\"total\":49.9}".formatted(order, order);
  }

  private Answer call(String platform, String url, String method, String body) {
    return call(platform, url, Node.SECRET_KEY, method, body);
  }

  private Answer call(String platform, String url, String secret, String method, String body) {
    Map<String, String> environment = environment(url, secret);
    Object answer = page.run("return order(...arguments)", platform, environment, method, body);
    if (answer instanceof Map<?, ?> map
        && map.get("status") instanceof Long status
        && map.get("text") instanceof String text) {
      return new Answer(status.intValue(), text);
    }
    throw new AssertionError("no answer: " + answer);
  }

  private Map<String, String> environment() {
    return environment(gateway.origin(), Node.SECRET_KEY);
  }

  private static Map<String, String> environment(String url, String secret) {
    return Map.of("PUSHGATE_URL", url, "PUSHGATE_SECRET_KEY", secret);
  }
}
