package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Servers that do what no gateway should, or does only rarely.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class BadServersIT {
  private static final String SOON = "key: 'k', reconnectDelay: 5, maxReconnectDelay: 20";

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private ScriptedServer server;

  /// What is no way to serve.
  enum Bad {
    ANSWERS_WITH_HTML(Visit::answerWithHtml, "CONNECTION_FAILED"),
    CLOSES_AT_ONCE(visit -> {}, "CONNECTION_FAILED"),
    CLOSES_AFTER_THE_HANDSHAKE(Visit::upgrade, "CONNECTION_FAILED"),
    NEVER_ANSWERS(Visit::beSilent, "CONNECTION_FAILED"),
    NEVER_GREETS(
        visit -> {
          visit.upgrade();
          visit.beSilent();
        },
        "CONNECTION_FAILED"),
    GREETS_WITH_BROKEN_JSON(
        visit -> {
          visit.upgrade();
          visit.say("{\"type\":\"connected");
          visit.beSilent();
        },
        "PROTOCOL_ERROR"),
    SENDS_BROKEN_JSON_LATER(
        visit -> {
          visit.welcome();
          visit.subscribed(0);
          visit.say("<!doctype html>");
          visit.beSilent();
        },
        "PROTOCOL_ERROR");

    private final ScriptedServer.Script script;
    private final String errorCode;

    Bad(ScriptedServer.Script script, String errorCode) {
      this.script = script;
      this.errorCode = errorCode;
    }
  }

  @BeforeEach
  void start() {
    server = new ScriptedServer(Visit::beSilent);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Bad.class)
  void aServerIsLeftWithABackOffUntilItIsGoodWhenIt(Bad bad) {
    server.script(bad.script);
    String patience = bad.name().startsWith("NEVER") ? ", connectionTimeout: 300" : "";
    ClientPage page = client(SOON + patience).follow("c");
    page.run("window.reasons = []");
    page.run("client.on('stateChange', (_, { error }) => { if (error) reasons.push(error.code) })");
    page.run("client.connect()");
    page.await("waits.length >= 3");
    server.script(
        visit -> {
          visit.welcome();
          visit.subscribed(0);
          visit.message("c", 1);
          visit.serve(1);
        });
    page.awaitMessage("c", 1);
    assertThat(page.run("return [...new Set(reasons)]")).isEqualTo(List.of(bad.errorCode));
    assertThat(page.waits()).allMatch(ms -> ms <= 20);
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void framesThatMeanNothingArePassedOver() {
    server.script(
        visit -> {
          visit.welcome();
          visit.subscribed(0);
          for (String odd :
              List.of(
                  "null",
                  "7",
                  "\"text\"",
                  "[]",
                  "{}",
                  "{\"type\":null}",
                  "{\"type\":\"from-the-future\",\"channel\":\"c\"}",
                  "{\"type\":\"constructor\"}",
                  "{\"type\":\"message\"}",
                  "{\"type\":\"message\",\"channel\":\"c\",\"data\":1}",
                  "{\"type\":\"message\",\"channel\":\"other\",\"messageId\":\"m\",\"offset\":9}",
                  "{\"type\":\"gap\",\"channel\":\"other\"}",
                  "{\"type\":\"subscribed\",\"channel\":\"other\",\"ref\":\"none\"}",
                  "{\"type\":\"published\",\"ref\":\"none\"}",
                  "{\"type\":\"unsubscribed\"}",
                  "{\"type\":\"pong\"}")) {
            visit.say(odd);
          }
          visit.message("c", 1);
          visit.serve(1);
        });
    ClientPage page = connected().follow("c").awaitMessage("c", 1);
    assertThat(page.told("c")).containsExactly("subscribed 0", "message 1");
    assertThat(page.errors()).isEmpty();
    assertThat(server.visits()).isEqualTo(1);
  }

  @Test
  void aGapIsToldAndResumeGoesOnBehindIt() {
    server.script(
        visit -> {
          visit.welcome();
          visit.subscribed(3);
          visit.message("c", 4);
          visit.say("{\"type\":\"gap\",\"channel\":\"c\",\"epoch\":\"e\",\"from\":5,\"to\":7}");
        });
    ClientPage page = connected().follow("c");
    page.awaitTold("c", "gap 5-7");
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(server.heard())
                    .anyMatch(text -> text.contains("\"since\":{\"epoch\":\"e\",\"offset\":7}")));
    assertThat(page.offsets("c")).containsExactly(4L);
  }

  @Test
  void whatComesTwiceIsHandedOverOnce() {
    server.script(
        visit -> {
          visit.welcome();
          visit.subscribed(3);
          for (long offset : new long[] {4, 4, 3, 5, 4, 6}) {
            visit.message("c", offset);
          }
          visit.serve(6);
        });
    ClientPage page = connected().follow("c").awaitMessage("c", 6);
    assertThat(page.told("c"))
        .containsExactly("subscribed 3", "message 4", "message 5", "message 6");
  }

  @Test
  void aStreamThatBeginsAnewIsToldAndFollowed() {
    server.script(
        visit -> {
          visit.welcome();
          visit.subscribed(3);
          visit.message("c", 4);
          visit.say(
              "{\"type\":\"subscribed\",\"channel\":\"c\",\"epoch\":\"f\",\"offset\":0,"
                  + "\"recovered\":false}");
          visit.message("c", 1);
          visit.serve(1);
        });
    ClientPage page = connected().follow("c").awaitMessage("c", 1);
    assertThat(page.told("c"))
        .containsExactly("subscribed 3", "message 4", "subscribed 0 false", "reset", "message 1");
    assertThat(page.run("return messages.c[1].epoch")).isEqualTo("f");
  }

  @Test
  void answersAreToldApartByTheirRefs() {
    server.script(
        visit -> {
          visit.welcome();
          String first = visit.hear("publish");
          String second = visit.hear("publish");
          published(visit, second, 2);
          published(visit, first, 1);
          visit.serve(2);
        });
    ClientPage page = connected();
    Object offsets =
        page.run(
            """
            const both = [client.publish('c', 'first'), client.publish('c', 'second')]
            return Promise.all(both).then(positions => positions.map(({ offset }) => offset))
            """);
    assertThat(offsets).isEqualTo(List.of(1L, 2L));
  }

  @Test
  void aRequestThatIsNeverAnsweredEndsInTime() {
    server.script(
        visit -> {
          visit.welcome();
          published(visit, "not-" + visit.hear("publish"), 1);
          visit.serve(0);
        });
    ClientPage page = client(SOON + ", requestTimeout: 200");
    page.run("client.connect()");
    assertThat(
            page.run("return client.publish('c', 1).catch(error => [error.code, error.retryable])"))
        .isEqualTo(List.of("TIMEOUT", true));
    assertThat(page.run("return client.connectionState")).isEqualTo("connected");
  }

  @Test
  void aSubscriptionThatIsNotAnsweredIsToldAndStillCounts() {
    server.script(
        visit -> {
          visit.welcome();
          String ref = visit.hear("subscribe");
          visit.hear("ping"); // which the page sends when it has been told
          visit.say(
              "{\"type\":\"subscribed\",\"channel\":\"c\",\"epoch\":\"e\",\"offset\":0,\"ref\":\""
                  + ref
                  + "\"}");
          visit.message("c", 1);
          visit.serve(1);
        });
    ClientPage page = client(SOON + ", requestTimeout: 200, heartbeatInterval: 1_000").follow("c");
    page.run("client.connect()");
    page.awaitMessage("c", 1);
    assertThat(page.told("c").getFirst()).startsWith("error TIMEOUT");
    assertThat(page.told("c")).endsWith("subscribed 0", "message 1");
  }

  /// It leaves the channel to ask for more of before, and more may be published until it is back
  /// than that brings.
  @Test
  void aRewindThatDoesNotReachBackToWhatOthersHadIsNotTakenForAll() {
    server.script(
        visit -> {
          visit.welcome();
          visit.subscribed(5);
          visit.hear("unsubscribe");
          visit.subscribed(10);
          for (int offset = 8; offset <= 10; offset++) {
            visit.message("c", offset);
          }
          visit.subscribed(10);
          for (int offset = 6; offset <= 10; offset++) {
            visit.message("c", offset);
          }
          visit.serve(10);
        });
    ClientPage page = connected().follow("c").awaitSubscribed("c");
    page.run("follow('c', { rewind: 3 }, 'later')");
    page.awaitMessage("c", 10).awaitMessage("later", 10);
    assertThat(page.offsets("c")).isEqualTo(ClientPage.offsets(6, 10));
    assertThat(page.offsets("later")).isEqualTo(ClientPage.offsets(6, 10));
    assertThat(page.told("c")).noneMatch(what -> what.matches("gap.*|reset"));
    assertThat(server.heard())
        .filteredOn(text -> text.contains("\"subscribe\""))
        .satisfiesExactly(
            first -> assertThat(first).doesNotContain("rewind", "since"),
            more -> assertThat(more).contains("\"rewind\":3"),
            rest -> assertThat(rest).contains("\"since\":{\"epoch\":\"e\",\"offset\":5}"));
  }

  @Test
  void aTokenIsRenewedBeforeItEnds() {
    server.script(
        visit -> {
          visit.welcome();
          visit.say("{\"type\":\"token_expiring\"}");
          String ref = visit.hear("auth");
          visit.say("{\"type\":\"authenticated\",\"expiresAt\":1,\"ref\":\"" + ref + "\"}");
          visit.serve(0);
        });
    ClientPage page =
        client("getToken: async () => `token-${window.tokens = (window.tokens ?? 0) + 1}`");
    page.run("client.connect()");
    Awaitility.await().until(() -> !server.heard().isEmpty());
    assertThat(server.heard().getFirst())
        .contains("\"type\":\"auth\"", "\"token\":\"token-2\"", "\"ref\":");
    page.awaitConnected();
    assertThat(server.visits()).isEqualTo(1);
    assertThat(page.errors()).isEmpty();
  }

  private static void published(Visit visit, String ref, int offset) throws IOException {
    visit.say(
        "{\"type\":\"published\",\"ref\":\"%s\",\"messageId\":\"m\",\"epoch\":\"e\",\"offset\":%d}"
            .formatted(ref, offset));
  }

  private ClientPage connected() {
    ClientPage page = client(SOON);
    page.run("client.connect()");
    return page;
  }

  private ClientPage client(String options) {
    return stage.client().make(server.origin(), options);
  }
}
