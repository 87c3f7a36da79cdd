package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.FreePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the client makes of the code that a connection is closed with. `Math.random` always gives a
/// half here, so that each pause is half of its bound.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CloseCodesIT {
  private static final String AT_ONCE = "reconnectDelay: 1, maxReconnectDelay: 1";
  private static final int ROUND_TRIPS = 20;

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

  @ParameterizedTest
  @CsvSource({
    "4001, UNAUTHORIZED",
    "4001, INVALID_TOKEN",
    "4003, FORBIDDEN",
    "4004, INVALID_JSON",
    "4010, INVALID_TOKEN",
    "4099, SERVER_ERROR"
  })
  void aRefusalForGoodIsToldOnceAndNeverTriedAgain(int closeCode, String errorCode) {
    server.script(
        visit -> {
          visit.upgrade();
          visit.say("{\"type\":\"error\",\"error\":\"so it is\",\"code\":\"" + errorCode + "\"}");
          visit.close(closeCode);
        });
    ClientPage page = client("key: 'k', " + AT_ONCE);
    assertThat(page.run("return client.connect().catch(error => error.code)")).isEqualTo(errorCode);
    page.awaitState("error");
    otherConnectionsComeAndGo(page);
    assertThat(page.errors()).containsExactly("error " + errorCode + ": so it is");
    assertThat(server.visits()).isEqualTo(1);
  }

  @Test
  void aRefusalOfALiveConnectionIsToldOnce() {
    server.script(
        visit -> {
          visit.welcome();
          visit.say("{\"type\":\"error\",\"error\":\"revoked\",\"code\":\"INVALID_TOKEN\"}");
          visit.close(4010);
        });
    ClientPage page = client("key: 'k', " + AT_ONCE);
    page.run("client.connect()");
    page.awaitState("error");
    otherConnectionsComeAndGo(page);
    assertThat(page.errors()).containsExactly("error INVALID_TOKEN: revoked");
    assertThat(page.said()).containsOnlyOnce("disconnected 4010");
    assertThat(server.visits()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1001, 1011, 4100, 4101, 4102})
  void otherClosesAreFollowedByABackOffThatDoubles(int closeCode) {
    server.script(
        visit -> {
          visit.welcome();
          visit.close(closeCode);
        });
    ClientPage page = client("key: 'k', reconnectDelay: 10, maxReconnectDelay: 40");
    page.run("client.connect()");
    page.await("waits.length >= 5");
    assertThat(page.waits().subList(0, 5)).containsExactly(5.0, 10.0, 20.0, 20.0, 20.0);
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void pausesAreAnythingUpToTheirBound() {
    server.script(visit -> {});
    ClientPage page = client("key: 'k', reconnectDelay: 16, maxReconnectDelay: 16");
    page.run("let n = 0; Math.random = () => [0, 0.25, 0.75, 0.999][n++ % 4]; client.connect()");
    page.await("waits.length >= 4");
    assertThat(page.waits().subList(0, 3)).containsExactly(0.0, 4.0, 12.0);
    assertThat(page.waits().get(3)).isBetween(15.0, 16.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {4200, 4201})
  void aPoliteCloseIsFollowedAtOnceButNotAgainAndAgain(int closeCode) {
    server.script(
        visit -> {
          visit.welcome();
          visit.close(closeCode);
        });
    ClientPage page = client("key: 'k', reconnectDelay: 10, maxReconnectDelay: 40");
    page.run("client.connect()");
    page.await("waits.length >= 3");
    assertThat(page.waits().subList(0, 3)).containsExactly(0.0, 10.0, 20.0);
  }

  @Test
  void theFirstConnectIsTriedUntilTheServerIsThere() {
    int port = FreePort.any();
    ClientPage page = stage.client();
    page.make("http://127.0.0.1:" + port, "key: 'k', " + AT_ONCE);
    page.run("window.connecting = client.connect().then(({ clientId }) => clientId)");
    page.await("waits.length >= 3");
    try (ScriptedServer late =
        new ScriptedServer(
            port,
            visit -> {
              visit.welcome();
              visit.serve(0);
            })) {
      assertThat(page.run("return connecting")).isEqualTo("me");
      assertThat(late.visits()).isPositive();
    }
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void itGivesUpAfterAsManyAttemptsAsItMayMake() {
    server.script(visit -> {});
    ClientPage page = client("key: 'k', maxReconnectAttempts: 3, " + AT_ONCE);
    assertThat(page.run("return client.connect().catch(error => error.code)"))
        .isEqualTo("MAX_RECONNECT_ATTEMPTS");
    otherConnectionsComeAndGo(page);
    assertThat(server.visits()).isEqualTo(4);
    assertThat(page.errors()).hasSize(1);
  }

  @Test
  void itStaysAwayWhenItShallNotComeBackByItself() {
    server.script(
        visit -> {
          visit.welcome();
          visit.close(4200);
        });
    ClientPage page = client("key: 'k', autoReconnect: false, " + AT_ONCE);
    page.run("client.connect()");
    page.awaitState("disconnected");
    otherConnectionsComeAndGo(page);
    assertThat(server.visits()).isEqualTo(1);
  }

  @Test
  void anotherTokenIsFetchedOnceWhenOneIsRefused() {
    server.script(
        visit -> {
          visit.upgrade();
          visit.say("{\"type\":\"error\",\"error\":\"too old\",\"code\":\"INVALID_TOKEN\"}");
          visit.close(4010);
        });
    ClientPage page = client("getToken: async () => `token-${++window.tokens}`, " + AT_ONCE);
    page.run("window.tokens = 0; client.connect()");
    page.awaitState("error");
    otherConnectionsComeAndGo(page);
    assertThat(page.run("return tokens")).isEqualTo(2L);
    assertThat(server.visits()).isEqualTo(2);
    assertThat(page.errors()).containsExactly("error INVALID_TOKEN: too old");
  }

  @Test
  void disconnectIsTheEndOfComingBack() {
    server.script(visit -> {});
    ClientPage page = client("key: 'k', " + AT_ONCE);
    page.run("client.connect()");
    Awaitility.await().until(() -> server.visits() > 3);
    page.run("client.disconnect()");
    otherConnectionsComeAndGo(page);
    int visits = server.visits();
    otherConnectionsComeAndGo(page);
    assertThat(server.visits()).isEqualTo(visits);
    assertThat(page.run("return client.connectionState")).isEqualTo("disconnected");
  }

  private ClientPage client(String options) {
    ClientPage page = stage.client();
    page.run("Math.random = () => 0.5");
    return page.make(server.origin(), options);
  }

  /// Time enough for a client that comes back at once to have come back: the page connects to
  /// another server, again and again.
  private static void otherConnectionsComeAndGo(ClientPage page) {
    try (ScriptedServer other =
        new ScriptedServer(
            visit -> {
              visit.welcome();
              visit.serve(0);
            })) {
      page.run(
          """
          return (async () => {
            for (let i = 0; i < arguments[1]; i++) {
              await new Promise((done) => {
                const socket = new WebSocket(arguments[0])
                socket.onclose = done
                socket.onmessage = () => socket.close()
              })
            }
          })()
          """,
          other.origin().replace("http", "ws"),
          ROUND_TRIPS);
      assertThat(other.visits()).isEqualTo(ROUND_TRIPS);
    }
  }
}
