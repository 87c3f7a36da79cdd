package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The page of examples/live-dashboard, with its network between it and the gateway in the test's
/// hands.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class LiveDashboardExampleIT {
  /// What the gateway keeps of a channel: as much as the page draws.
  private static final int KEPT = 60;

  private static final String VISITORS = "[data-figure=visitors] output";

  private Browser browser;
  private StandingNode node;
  private TcpProxy network;
  private ExampleSite site;
  private Page page;

  @BeforeAll
  void start(@TempDir Path directory) {
    browser = Browser.start();
    node = new StandingNode(directory, "PUSHGATE_RECENT_LOG_MESSAGES", Integer.toString(KEPT));
    network = new TcpProxy(node.port());
    site = new ExampleSite("live-dashboard", "http://127.0.0.1:" + network.port());
  }

  @AfterAll
  void stop() {
    site.close();
    network.close();
    node.close();
    browser.close();
  }

  @BeforeEach
  void declare() {
    page = browser.open("about:blank");
    assertThat(node.rest().declare("figures").status()).isEqualTo(201);
  }

  @AfterEach
  void leave() {
    page.close();
    network.mode(TcpProxy.Mode.PASS);
    node.rest().delete("/api/v1/channels/figures");
  }

  @Test
  void aFreshPageShowsTheLastMinuteAtOnceAndThenWhatComes() {
    publish(1, 3);
    open();
    awaitVisitors(3);
    assertThat(drawnPoints()).isEqualTo(3);
    publish(4, 5);
    awaitVisitors(5);
    assertThat(drawnPoints()).isEqualTo(5);
    assertThat(page.value("document.querySelector('[data-figure=revenue] output').textContent"))
        .isEqualTo("5,000");
  }

  @Test
  void whatWasPublishedWhileThePageWasAwayComesLateAndTheLineHasNoHole() {
    publish(1, 2);
    open();
    awaitVisitors(2);
    loseTheNetwork();
    publish(3, 7);
    network.mode(TcpProxy.Mode.PASS);
    awaitVisitors(7);
    awaitLog("5 figures came late, none is missing");
    assertThat(drawnPoints()).isEqualTo(7);
    assertThat(pensLifted()).isZero();
  }

  @Test
  void aPageThatWasAwayForTooLongLoadsTheFiguresAgain() {
    publish(1, 2);
    open();
    awaitVisitors(2);
    loseTheNetwork();
    publish(3, 80);
    network.mode(TcpProxy.Mode.PASS);
    awaitLog("loaded again");
    awaitVisitors(80);
    assertThat(drawnPoints()).isEqualTo(KEPT);
    publish(81, 81);
    awaitVisitors(81);
  }

  @Test
  void aKilledGatewayIsWaitedForAndNothingIsLost() {
    publish(1, 2);
    open();
    awaitVisitors(2);
    node.kill();
    page.await("document.getElementById('state').dataset.state === 'disconnected'");
    node.startAgain();
    publish(3, 4);
    awaitVisitors(4);
    assertThat(drawnPoints()).isEqualTo(4);
    assertThat(pensLifted()).isZero();
  }

  @Test
  void aWrongKeyIsTold() {
    show("/#key=pub_wrong");
    page.await("document.getElementById('state').textContent.startsWith('Refused: ')");
  }

  @Test
  void withoutAKeyThePageSaysWhatToDo() {
    show("/");
    page.await("document.getElementById('state').textContent.includes('#key=pub_')");
  }

  @Test
  void theFeederFeedsIt() throws IOException, InterruptedException {
    Programs.need("bash");
    Programs.need("curl");
    open();
    ProcessBuilder feeder = new ProcessBuilder("bash", "live-dashboard/feed.sh", "3");
    feeder.directory(ExampleSite.EXAMPLES.toFile()).inheritIO();
    feeder
        .environment()
        .putAll(
            Map.of(
                "PUSHGATE_URL",
                node.origin(),
                "PUSHGATE_SECRET_KEY",
                Node.SECRET_KEY,
                "FEED_PAUSE",
                "0"));
    assertThat(feeder.start().waitFor()).isZero();
    page.await("(" + PATH + ".match(/[ML]/g) ?? []).length === 3");
    assertThat(node.rest().history("figures")).hasSize(3);
  }

  private static final String PATH =
      "document.querySelector('[data-figure=visitors] path').getAttribute('d')";

  private void open() {
    show("/#key=" + Node.PUBLISH_KEY);
    page.await("document.getElementById('state').dataset.state === 'connected'");
  }

  private void show(String address) {
    page.driver().get(site.origin() + address);
  }

  private void publish(int from, int to) {
    for (int i = from; i <= to; i++) {
      String figures = "{\"visitors\":%d,\"orders\":%d,\"revenue\":%d}".formatted(i, i, 1_000 * i);
      assertThat(node.rest().publish("figures", figures).status()).isEqualTo(201);
    }
  }

  private void loseTheNetwork() {
    network.mode(TcpProxy.Mode.REFUSE);
    network.cut();
    page.await("document.getElementById('state').dataset.state === 'disconnected'");
  }

  private void awaitVisitors(int visitors) {
    page.await("document.querySelector('" + VISITORS + "').textContent === '" + visitors + "'");
  }

  private void awaitLog(String words) {
    page.await("document.getElementById('log').textContent.includes('" + words + "')");
  }

  private long drawnPoints() {
    return (Long) page.value(PATH + ".match(/[ML]/g).length");
  }

  /// How often the line begins anew, behind its beginning.
  private long pensLifted() {
    return (Long) page.value(PATH + ".match(/M/g).length") - 1;
  }
}
