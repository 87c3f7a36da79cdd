package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an app may give as a token and as a time, and what becomes of that.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class TokensAndTimesIT {
  private static final long LONGEST_TIMER = Integer.MAX_VALUE;

  /// Notes for how long timers are started, and what they were to do.
  private static final String WATCH_TIMERS =
      """
      window.timers = []
      for (const name of ['setTimeout', 'setInterval']) {
        const start = window[name]
        window[name] = (task, ms) => {
          timers.push({ ms, task })
          return start(task, ms)
        }
      }
      """;

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private ScriptedServer server;

  @BeforeAll
  void start() {
    server =
        new ScriptedServer(
            visit -> {
              visit.welcome();
              visit.say("{\"type\":\"published\",\"ref\":\"%s\"}".formatted(visit.hear("publish")));
              visit.serve(0);
            });
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "undefined",
        "null",
        "''",
        "'  '",
        "7",
        "({})",
        "({ token: null })",
        "fetch('/empty.html')",
        "'<!doctype html> <title>Sign in</title>'",
        "'<!doctype html><title>Signed-out</title>'",
        "'{\"token\":\"t\"}'",
        "'[\"t\"]'",
        "'Zug%C3'"
      })
  void whatIsNoTokenEndsItAndSaysWhatOneIs(String given) {
    int visits = server.visits();
    ClientPage page = stage.client().make(server.origin(), "getToken: async () => " + given);
    assertThat(page.run("return client.connect().catch(({ name, code }) => [name, code])"))
        .isEqualTo(List.of("AuthenticationError", "MISSING_TOKEN"));
    page.awaitState("error");
    assertThat(page.errors()).hasSize(1).first().asString().contains("must return a string");
    assertThat(page.said()).containsOnlyOnce("state connecting");
    assertThat(server.visits()).isEqualTo(visits);
  }

  @Test
  void anAuthenticationErrorOfTheAppEndsIt() {
    ClientPage page =
        stage
            .client()
            .make(
                server.origin(),
                "getToken() { throw new pushgate.AuthenticationError('nobody is signed in') }");
    assertThat(page.run("return client.connect().catch(({ message }) => message)"))
        .isEqualTo("nobody is signed in");
    assertThat(page.errors()).containsExactly("error UNAUTHORIZED: nobody is signed in");
    assertThat(page.waits()).isEmpty();
  }

  @Test
  void anyOtherErrorOfTheAppIsTriedAgainAfterWholeMilliseconds() {
    ClientPage page =
        stage
            .client()
            .make(
                server.origin(),
                "reconnectDelay: 7, maxReconnectDelay: 60,"
                    + " getToken: () => { if (waits.length < 5) throw new Error('not yet'); return 't' }");
    page.run("client.connect()");
    page.awaitConnected();
    assertThat(page.waits()).hasSize(5).allMatch(ms -> ms == Math.rint(ms));
    assertThat(page.errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'t'", "' t\\n'", "({ token: 't' })", "'sec_aZ0-._~+/='"})
  void aTokenIsAStringOrAnAnswerThatHasOne(String given) {
    ClientPage page = stage.client().make(server.origin(), "getToken: () => " + given);
    page.run("client.connect()");
    page.awaitConnected();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "Infinity", "2 ** 31", "40 * 24 * 60 * 60 * 1_000"})
  void noTimeIsTooLong(String ms) {
    ClientPage page = stage.client();
    page.run(WATCH_TIMERS);
    page.make(
        server.origin(),
        "key: 'k', connectionTimeout: %s, requestTimeout: %s, heartbeatInterval: %s"
            .formatted(ms, ms, ms));
    page.run("client.connect()");
    page.awaitConnected();
    page.run("return client.publish('c', 1)");
    assertThat(
            page.run(
                "return timers.map(({ ms }) => ms).filter(ms => !(ms >= 1000 && ms <= arguments[0]))",
                LONGEST_TIMER))
        .isEqualTo(List.of());
    assertThat(page.said()).containsExactly("state connecting", "state connected", "connected");
  }

  /// The timer that is set for as long as one can be is set again for what is left.
  @Test
  void aTimeOfMonthsIsKept() {
    ClientPage page = stage.client();
    page.run(WATCH_TIMERS);
    page.make(server.origin(), "key: 'k', heartbeatInterval: 2 ** 31 + 5_000");
    page.run("client.connect()");
    page.awaitConnected();
    page.run("timers.findLast(({ ms }) => ms === 2 ** 31 - 1).task()");
    assertThat(page.run("return timers.at(-1).ms")).isEqualTo(5_001L);
    long before = pings();
    page.run("timers.at(-1).task()");
    page.await("timers.at(-1).ms === 2 ** 31 - 1");
    page.run("return client.publish('c', 1)");
    assertThat(pings()).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requestTimeout: -1",
        "reconnectDelay: NaN",
        "maxReconnectDelay: 'soon'",
        "requestTimeout: '5'",
        "connectionTimeout: true",
        "heartbeatInterval: []",
        "reconnectDelay: 0n",
        "maxReconnectDelay: new Date(5)",
        "maxReconnectAttempts: '3'"
      })
  void whatIsNoTimeIsSaidAtOnce(String option) {
    ClientPage page = stage.client();
    Object refusal =
        page.run(
            ("try { new pushgate.Pushgate({ url: 'http://x', key: 'k', %s }) }"
                    + " catch ({ code, message }) { return `${code} ${message}` }")
                .formatted(option));
    assertThat(refusal)
        .asString()
        .startsWith("INVALID_OPTION ")
        .contains(option.substring(0, option.indexOf(':')));
  }

  @Test
  void nullIsAsGoodAsNothing() {
    ClientPage page =
        stage.client().make(server.origin(), "key: 'k', connectionTimeout: null, getToken: null");
    page.run("client.connect()");
    page.awaitConnected();
  }

  private long pings() {
    return server.heard().stream().filter(text -> text.contains("\"ping\"")).count();
  }
}
