package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.testing.TcpProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The gateway is away and comes back, and what pages hear of it. Pages reach it through a proxy,
/// so that a test decides when they may come back.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class OutageFaultIT {
  private static final String SOON = "reconnectDelay: 100, maxReconnectDelay: 300";

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private StandingNode node;
  private TcpProxy proxy;

  /// Each test has channels of its own.
  private String declared;

  private String undeclared;
  private int tests;

  enum End {
    STOPPED,
    KILLED
  }

  @BeforeAll
  void start(@TempDir Path directory) {
    node = new StandingNode(directory);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @BeforeEach
  void open() {
    proxy = new TcpProxy(node.port());
    declared = "declared-" + ++tests;
    undeclared = "undeclared-" + tests;
    assertThat(node.rest().declare(declared).status()).isEqualTo(201);
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void aDeclaredChannelGoesOnOnceAndInOrderAfterTheGatewayWas(End end) {
    ClientPage page = page().follow(declared).awaitSubscribed(declared);
    publish(declared, 3);
    page.awaitMessage(declared, 3);
    startedAgainWhilePagesAreAwayAfter(end, page);
    publish(declared, 5);
    proxy.mode(TcpProxy.Mode.PASS);
    page.awaitTold(declared, "recovered 5");
    publish(declared, 1);
    page.awaitMessage(declared, 9);
    List<String> expected = new ArrayList<>(List.of("subscribed 0"));
    expected.addAll(messages(1, 3));
    expected.add("subscribed 8 true");
    expected.addAll(messages(4, 8));
    expected.addAll(List.of("recovered 5", "message 9"));
    assertThat(page.told(declared)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void anUndeclaredChannelIsToldThatItBeginsAnewAfterTheGatewayWas(End end) {
    ClientPage page = page().follow(undeclared).awaitSubscribed(undeclared);
    publish(undeclared, 2);
    page.awaitMessage(undeclared, 2);
    startedAgainWhilePagesAreAwayAfter(end, page);
    publish(undeclared, 4);
    proxy.mode(TcpProxy.Mode.PASS);
    page.awaitTold(undeclared, "reset");
    publish(undeclared, 1);
    page.awaitMessage(undeclared, 5);
    assertThat(page.told(undeclared))
        .containsExactly(
            "subscribed 0", "message 1", "message 2", "subscribed 4 false", "reset", "message 5");
  }

  @Test
  void aGatewayThatIsFrozenIsFoundDeadAndNothingIsMissed() {
    ClientPage page = stage.client();
    page.connect(
        proxied(), Node.PUBLISH_KEY, SOON + ", heartbeatInterval: 300, connectionTimeout: 500");
    page.follow(declared).awaitSubscribed(declared);
    publish(declared, 2);
    page.awaitMessage(declared, 2);
    node.freeze();
    List<CompletableFuture<Reply>> meanwhile =
        Stream.generate(() -> node.rest().publishLater(declared, "1")).limit(5).toList();
    page.await("said.includes('disconnected 4201')");
    node.thaw();
    meanwhile.forEach(reply -> assertThat(reply.join().status()).isEqualTo(201));
    page.awaitMessage(declared, 7);
    assertThat(page.offsets(declared)).isEqualTo(ClientPage.offsets(1, 7));
    assertThat(page.told(declared)).anyMatch(what -> what.startsWith("recovered"));
  }

  @Test
  void aThousandMessagesOfAnOutageComeInOrderBeforeLiveOnes() {
    ClientPage page = page().follow(declared).awaitSubscribed(declared);
    publish(declared, 1);
    page.awaitMessage(declared, 1);
    takeTheNetworkFrom(page);
    publishThousand(declared);
    giveTheNetworkBackTo(page);
    publish(declared, 5); // some may be live, some part of what was missed
    page.awaitMessage(declared, 1_006);
    assertThat(page.offsets(declared)).isEqualTo(ClientPage.offsets(1, 1_006));
    assertThat(page.told(declared).stream().filter(what -> what.startsWith("recovered")))
        .singleElement()
        .satisfies(
            what -> assertThat(Integer.parseInt(what.substring(10))).isBetween(1_000, 1_005));
    assertThat(page.told(declared)).doesNotContain("reset");
  }

  @Test
  void whoMissedMoreThanTheGatewayKeepsIsTold() {
    ClientPage page = page().follow(undeclared).awaitSubscribed(undeclared);
    publish(undeclared, 1);
    page.awaitMessage(undeclared, 1);
    takeTheNetworkFrom(page);
    publishThousand(undeclared);
    publish(undeclared, 1); // one more than is kept
    giveTheNetworkBackTo(page);
    page.awaitTold(undeclared, "reset");
    publish(undeclared, 1);
    page.awaitMessage(undeclared, 1_003);
    assertThat(page.offsets(undeclared)).isEqualTo(List.of(1L, 1_003L));
  }

  @Test
  void whatAPagePublishesWhileTheGatewayIsAwayArrivesOnce() {
    ClientPage page = stage.client().connect(proxied(), Node.SECRET_KEY, SOON).awaitConnected();
    page.follow(declared).awaitSubscribed(declared);
    proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
    page.run("window.published = client.publish(arguments[0], { n: 1 })", declared);
    Awaitility.await().until(() -> node.rest().history(declared).size() == 1);
    proxy.cut();
    proxy.mode(TcpProxy.Mode.PASS);
    assertThat(page.run("return published.then(({ offset }) => offset)")).isEqualTo(1L);
    page.awaitMessage(declared, 1);
    assertThat(node.rest().history(declared)).hasSize(1);
  }

  private void startedAgainWhilePagesAreAwayAfter(End end, ClientPage page) {
    switch (end) {
      case STOPPED -> node.terminate();
      case KILLED -> node.kill();
    }
    proxy.mode(TcpProxy.Mode.REFUSE);
    page.await("said.some(what => what.startsWith('disconnected'))");
    node.startAgain();
  }

  private void takeTheNetworkFrom(ClientPage page) {
    page.page().goOffline();
    proxy.mode(TcpProxy.Mode.REFUSE);
    proxy.cut();
    page.awaitState("disconnected");
  }

  private void giveTheNetworkBackTo(ClientPage page) {
    proxy.mode(TcpProxy.Mode.PASS);
    page.page().goOnline();
  }

  private ClientPage page() {
    return stage.client().connect(proxied(), Node.PUBLISH_KEY, SOON);
  }

  private String proxied() {
    return "http://127.0.0.1:" + proxy.port();
  }

  private void publish(String channel, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(node.rest().publish(channel, "1").status()).isEqualTo(201);
    }
  }

  private void publishThousand(String channel) {
    String message = "{\"channel\":\"" + channel + "\",\"data\":1}";
    String batch = "{\"messages\":[" + (message + ",").repeat(99) + message + "]}";
    for (int i = 0; i < 10; i++) {
      assertThat(node.rest().post("/api/v1/publish/batch", batch).status()).isEqualTo(200);
    }
  }

  private static List<String> messages(long from, long to) {
    return ClientPage.offsets(from, to).stream().map(offset -> "message " + offset).toList();
  }
}
