package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an app holds of a channel: when it is ready, what it is told when it is refused, and what
/// one that comes later gets. What nobody handled would be told on the console, and fail the test.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class HandlesIT {
  private static final String WARNINGS =
      "window.warned = []; console.warn = (...words) => warned.push(words.join(' '))";

  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private NodeInProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()));
    node.rest()
        .post("/api/v1/channels", "{\"name\":\"Hidden\",\"slug\":\"hidden\",\"isPrivate\":true}");
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void aRefusalThatNobodyHearsIsWarnedOf() {
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(WARNINGS);
    page.run("client.subscribe('hidden', () => {})");
    page.await("warned.length === 1");
    assertThat(page.run("return warned[0]")).asString().contains("Pushgate", "hidden", "FORBIDDEN");
  }

  @Test
  void aHandleThatHearsErrorsDoesNotSilenceTheWarningForOneThatDoesNot() {
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(WARNINGS);
    page.run(
        "client.subscribe('hidden', { onError() { window.wasHeard = true } });"
            + " client.subscribe('hidden', () => {})");
    page.await("window.wasHeard && warned.length === 1");
  }

  @Test
  void whoHearsErrorsIsNotWarned() {
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(WARNINGS);
    page.follow("hidden").follow("open").awaitSubscribed("open");
    page.await("told.hidden.length === 1");
    assertThat(page.run("return warned")).isEqualTo(List.of());
  }

  @Test
  void readyGivesThePositionOrTheRefusal() {
    publish("steady");
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(WARNINGS);
    assertThat(page.run("return client.subscribe('steady').ready.then(({ offset }) => offset)"))
        .isEqualTo(1L);
    assertThat(page.run("return client.subscribe('steady').ready.then(({ offset }) => offset)"))
        .as("a second handle")
        .isEqualTo(1L);
    assertThat(
            page.run(
                "return client.subscribe('hidden').ready.catch(error => [error.code, error.name])"))
        .isEqualTo(List.of("FORBIDDEN", "PushgateError"));
  }

  @Test
  void readyIsRejectedWhenThereWillBeNoSubscription() {
    ClientPage page =
        stage.client().make(origin(), "key: 'pub_nobody-has-this-one'").follow("never");
    page.run(
        "window.ready1 = client.subscribe('a').ready.catch(error => error.code);"
            + " window.ready2 = client.subscribe('b').ready.catch(error => error.code);"
            + " client.unsubscribe('b'); client.connect()");
    assertThat(page.run("return Promise.all([ready1, ready2])"))
        .isEqualTo(List.of("INVALID_TOKEN", "UNSUBSCRIBED"));
  }

  @Test
  void listenersOfAnEventTypeGetItsMessagesBehindAllOthersAndUntilTheyAreTakenOff() {
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(
        """
        window.heard = []
        const note = ({ eventType, offset }) => heard.push(`${eventType} ${offset}`)
        window.note = note
        window.orders = client.subscribe('orders', ({ offset }) => heard.push(`any ${offset}`))
          .on('paid', note)
          .on('paid', () => { throw new Error('thrown by the app') })
          .on('shipped', note)
        """);
    page.run("return orders.ready");
    event("orders", "paid");
    event("orders", "cancelled");
    event("orders", "shipped");
    page.await("heard.length === 5");
    assertThat(page.run("return heard"))
        .isEqualTo(List.of("any 1", "paid 1", "any 2", "any 3", "shipped 3"));
    page.run("orders.off('shipped', note)");
    event("orders", "shipped");
    page.await("heard.length === 6");
    event("orders", "toString");
    page.await("heard.length === 7");
    assertThat(page.run("return heard.slice(5)")).isEqualTo(List.of("any 4", "any 5"));
    assertThat(stage.complaints()).hasSize(1).first().asString().contains("thrown by the app");
  }

  @Test
  void aHandleThatComesLaterGetsItsRewindToo() {
    for (int i = 0; i < 3; i++) {
      publish("widgets");
    }
    ClientPage page = connected(Node.PUBLISH_KEY).follow("widgets", "rewind: 5");
    page.awaitMessage("widgets", 3);
    page.run("follow('widgets', { rewind: 2 }, 'later')");
    page.awaitMessage("later", 3);
    publish("widgets");
    page.awaitMessage("later", 4).awaitMessage("widgets", 4);
    assertThat(page.told("later"))
        .containsExactly("subscribed 3", "message 2", "message 3", "message 4");
    assertThat(page.offsets("widgets")).isEqualTo(ClientPage.offsets(1, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 50})
  void aHandleThatComesLaterAndWantsMoreGetsItFromTheGateway(int firstRewind) {
    String channel = "more-" + firstRewind;
    for (int i = 0; i < 12; i++) {
      publish(channel);
    }
    ClientPage page = connected(Node.PUBLISH_KEY).follow(channel, "rewind: " + firstRewind);
    page.awaitSubscribed(channel);
    page.run(
        "follow(arguments[0], { rewind: 10 }, 'b'); follow(arguments[0], { rewind: 4 }, 'c');"
            + " follow(arguments[0], {}, 'd')",
        channel);
    page.awaitMessage("b", 12).awaitMessage("c", 12);
    page.run("follow(arguments[0], { rewind: 6 }, 'e')", channel);
    page.awaitMessage("e", 12);
    publish(channel);
    for (String handle : List.of(channel, "b", "c", "d", "e")) {
      page.awaitMessage(handle, 13);
    }
    assertThat(page.told("b").getFirst()).isEqualTo("subscribed 12");
    assertThat(page.offsets("b")).isEqualTo(ClientPage.offsets(3, 13));
    assertThat(page.offsets("c")).isEqualTo(ClientPage.offsets(9, 13));
    assertThat(page.offsets("d")).isEqualTo(List.of(13L));
    assertThat(page.offsets("e")).isEqualTo(ClientPage.offsets(7, 13));
    assertThat(page.offsets(channel))
        .isEqualTo(ClientPage.offsets(Math.max(1, 13 - firstRewind), 13));
    assertThat(page.told(channel)).noneMatch(what -> what.matches("gap.*|reset"));
  }

  @Test
  void handlesOfOneMomentGetEachItsOwnRewind() {
    for (int i = 0; i < 12; i++) {
      publish("moment");
    }
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(
        "follow('moment', { rewind: 2 }, 'a'); follow('moment', { rewind: 6 }, 'b');"
            + " follow('moment', {}, 'c')");
    page.awaitMessage("b", 12);
    publish("moment");
    page.awaitMessage("a", 13).awaitMessage("b", 13).awaitMessage("c", 13);
    assertThat(page.offsets("a")).isEqualTo(ClientPage.offsets(11, 13));
    assertThat(page.offsets("b")).isEqualTo(ClientPage.offsets(7, 13));
    assertThat(page.offsets("c")).isEqualTo(List.of(13L));
    assertThat(page.told("b")).filteredOn(what -> what.startsWith("subscribed")).hasSize(1);
  }

  /// While others publish: who asked for less, or nothing, of before misses nothing by it.
  @Test
  void askingForMoreOfBeforeLosesAndDoublesNothing() {
    ClientPage page = connected(Node.PUBLISH_KEY).follow("stream").awaitSubscribed("stream");
    for (int i = 1; i <= 20; i++) {
      int upTo = 20 * i;
      for (int n = 0; n < 10; n++) {
        publish("stream");
      }
      page.run("follow('stream', { rewind: arguments[0] }, 'late-' + arguments[0])", i);
      for (int n = 0; n < 10; n++) {
        publish("stream");
      }
      page.awaitMessage("stream", upTo).awaitMessage("late-" + i, upTo);
    }
    assertThat(page.offsets("stream")).isEqualTo(ClientPage.offsets(1, 400));
    for (int i = 1; i <= 20; i++) {
      List<Long> late = page.offsets("late-" + i);
      assertThat(late).isEqualTo(ClientPage.offsets(late.getFirst(), 400));
    }
  }

  @Test
  void aRewindThatIsRefusedTakesNothingFromTheOthers() {
    publish("greedy");
    publish("greedy");
    ClientPage page = connected(Node.PUBLISH_KEY).follow("greedy", "rewind: 1");
    page.awaitMessage("greedy", 2);
    page.run("follow('greedy', { rewind: 1000000 }, 'later')");
    page.await("told.later.some(what => what.startsWith('error VALIDATION_ERROR'))");
    publish("greedy");
    page.awaitMessage("greedy", 3).awaitMessage("later", 3);
    assertThat(page.offsets("greedy")).isEqualTo(List.of(2L, 3L));
    assertThat(page.offsets("later")).isEqualTo(List.of(3L));
  }

  @Test
  void readyWaitsOnWhenTheAppDisconnectsAndConnectsAgain() {
    ClientPage page = stage.client().make(origin(), "key: '" + Node.PUBLISH_KEY + "'");
    page.run(
        "window.ready1 = client.subscribe('strict').ready.then(({ offset }) => offset,"
            + " error => error.code);"
            + " client.connect().catch(() => {}); client.disconnect(); client.connect()");
    assertThat(page.run("return ready1")).isEqualTo(0L);
  }

  /// In the midst of what one task brings: what it gets of before, and what follows, meet without a
  /// hole.
  @Test
  void aHandleThatIsMadeInAHandlerGetsEachMessageOnceAndInOrder() {
    for (int i = 0; i < 50; i++) {
      publish("busy");
    }
    ClientPage page = connected(Node.PUBLISH_KEY);
    page.run(
        """
        told.late = []
        let isFirst = true
        client.subscribe('busy', {
          rewind: 50,
          onMessage() {
            if (isFirst) follow('busy', { rewind: 10 }, 'late')
            isFirst = false
          },
        })
        """);
    page.awaitMessage("late", 50);
    assertThat(page.offsets("late")).isEqualTo(ClientPage.offsets(1, 50));
  }

  @Test
  void unsubscribedBeforeItIsToldItIsToldNothing() {
    publish("brief");
    ClientPage page = connected(Node.PUBLISH_KEY).follow("brief", "rewind: 1");
    page.awaitMessage("brief", 1);
    page.run("follow('brief', { rewind: 1 }, 'gone').unsubscribe()");
    publish("brief");
    page.awaitMessage("brief", 2);
    assertThat(page.told("gone")).containsExactly("unsubscribed");
  }

  private ClientPage connected(String key) {
    return stage.client().connect(origin(), key, "").awaitConnected();
  }

  private void publish(String channel) {
    assertThat(node.rest().publish(channel, "{\"n\":1}").status()).isEqualTo(201);
  }

  private void event(String channel, String type) {
    String message = "{\"channel\":\"%s\",\"event\":\"%s\",\"data\":1}".formatted(channel, type);
    assertThat(node.rest().post("/api/v1/publish", message).status()).isEqualTo(201);
  }

  private String origin() {
    return "http://127.0.0.1:" + node.port();
  }
}
