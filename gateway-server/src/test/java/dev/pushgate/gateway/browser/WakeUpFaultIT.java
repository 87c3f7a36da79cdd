package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The network goes and returns, pages are hidden, frozen and shown: a page is back at once, and
/// tells a dead connection from a living one. The back-off is an hour, so that nothing but the
/// wake-up can have brought it back.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class WakeUpFaultIT {
  private static final String AN_HOUR = "reconnectDelay: 3_600_000, maxReconnectDelay: 3_600_000";

  /// Less than the ten seconds that a pong may take when nothing has happened.
  private static final double SOON_MS = 9_000;

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private NodeInProcess node;
  private TcpProxy proxy;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @BeforeEach
  void open() {
    proxy = new TcpProxy(node.port());
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  @Test
  void aPageComesBackAtOnceWithTheNetwork() {
    ClientPage page = connected("");
    page.page().goOffline();
    loseTheConnectionOf(page);
    page.page().goOnline();
    backAtOnce(page);
  }

  @Test
  void aHiddenPageComesBackAtOnceWhenItIsShown() {
    ClientPage page = connected("");
    page.page().hide();
    loseTheConnectionOf(page);
    page.page().show();
    backAtOnce(page);
  }

  @Test
  void aFrozenPageComesBackAtOnceWhenItIsThawed() {
    ClientPage page = connected("");
    page.page().hide();
    loseTheConnectionOf(page);
    page.page().freeze();
    page.page().thaw();
    backAtOnce(page);
  }

  @Test
  void anAttemptThatHangsInTheOldNetworkIsGivenUpForTheNewOne() {
    ClientPage page = connected(", connectionTimeout: 3_600_000");
    page.page().goOffline();
    loseTheConnectionOf(page);
    proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS); // of this attempt for ever
    page.page().goOnline();
    page.awaitState("connecting");
    page.page().goOffline();
    page.run(
        "return new Promise(later => setTimeout(later, 1_100))"); // younger ones are left alone
    proxy.mode(TcpProxy.Mode.PASS);
    page.page().goOnline();
    backAtOnce(page);
  }

  @Test
  void aDeadConnectionIsFoundSoonAfterTheNetworkIsBack() {
    ClientPage page = connected(", heartbeatInterval: 3_600_000").follow("c").awaitSubscribed("c");
    proxy.mode(TcpProxy.Mode.FREEZE);
    page.run("addEventListener('online', () => { window.wokenAt = performance.now() })");
    page.run(
        """
        client.on('stateChange', state => {
          if (state === 'disconnected') window.lostAt = performance.now()
        })
        """);
    page.page().goOffline();
    page.page().goOnline();
    page.await("window.lostAt");
    assertThat(page.said()).contains("disconnected 4201");
    assertThat(((Number) page.page().value("lostAt - wokenAt")).doubleValue()).isLessThan(SOON_MS);
  }

  @Test
  void aDeadConnectionIsFoundByTheHeartbeat() {
    ClientPage page = connected(", heartbeatInterval: 200");
    proxy.mode(TcpProxy.Mode.FREEZE);
    page.page().await("said.includes('disconnected 4201')", Duration.ofSeconds(30));
  }

  @Test
  void aLivingConnectionSurvivesWakeUps() {
    ClientPage page = stage.client();
    page.run(
        """
        window.pongs = 0
        const { WebSocket } = globalThis
        globalThis.WebSocket = class extends WebSocket {
          constructor(...how) {
            super(...how)
            this.addEventListener('message', ({ data }) => {
              if (data === '{"type":"pong"}') pongs++
            })
          }
        }
        """);
    page.connect(proxied(), Node.PUBLISH_KEY, AN_HOUR).awaitConnected();
    page.page().hide();
    page.page().show();
    page.await("pongs === 1");
    page.page().goOffline();
    page.page().goOnline();
    page.await("pongs > 1");
    assertThat(page.said()).doesNotContain("state disconnected");
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  private ClientPage connected(String more) {
    ClientPage page = stage.client();
    page.run("Math.random = () => 0.999");
    return page.connect(proxied(), Node.PUBLISH_KEY, AN_HOUR + more).awaitConnected();
  }

  private void loseTheConnectionOf(ClientPage page) {
    proxy.mode(TcpProxy.Mode.REFUSE);
    proxy.cut();
    page.awaitState("disconnected");
    assertThat(page.waits()).singleElement().satisfies(ms -> assertThat(ms).isGreaterThan(3e6));
    proxy.mode(TcpProxy.Mode.PASS);
  }

  private static void backAtOnce(ClientPage page) {
    page.awaitConnected();
    assertThat(page.waits()).hasSize(1);
  }

  private String proxied() {
    return "http://127.0.0.1:" + proxy.port();
  }
}
