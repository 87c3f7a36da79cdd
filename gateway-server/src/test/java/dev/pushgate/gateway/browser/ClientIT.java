package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The client in a page of another origin, with a gateway that is well.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ClientIT {
  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private NodeInProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()));
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void aPageReceivesWhatIsPublishedOverRest() {
    ClientPage page = connected().follow("first").awaitSubscribed("first");
    node.rest()
        .post(
            "/api/v1/publish",
            "{\"channel\":\"first\",\"event\":\"greeted\",\"data\":{\"text\":\"hello\"}}");
    page.awaitMessage("first", 1);
    Map<?, ?> message = (Map<?, ?>) page.page().value("messages.first[0]");
    assertThat(message.get("eventType")).isEqualTo("greeted");
    assertThat(message.get("channel")).isEqualTo("first");
    assertThat(message.get("content")).isEqualTo(Map.of("text", "hello"));
    assertThat(message.get("data")).isEqualTo(message.get("content"));
    assertThat(message.get("timestamp")).isInstanceOf(Long.class);
    assertThat(message.get("id")).isInstanceOf(String.class);
    assertThat(message.get("epoch")).isInstanceOf(String.class);
  }

  @Test
  void publishGivesThePositionThatEverybodySees() {
    ClientPage page = connected().follow("said").awaitSubscribed("said");
    Map<?, ?> position =
        (Map<?, ?>) page.page().value("client.publish('said', { n: 1 }, 'spoken')");
    page.awaitMessage("said", 1);
    Map<?, ?> message = (Map<?, ?>) page.page().value("messages.said[0]");
    for (String field : List.of("id", "channel", "epoch", "offset")) {
      assertThat(position.get(field)).as(field).isNotNull().isEqualTo(message.get(field));
    }
    assertThat(message.get("eventType")).isEqualTo("spoken");
  }

  @Test
  void aSubscriptionMadeBeforeConnectIsKept() {
    ClientPage page =
        stage.client(origin() + "/pushgate.js").make(origin(), "key: '" + Node.PUBLISH_KEY + "'");
    page.follow("early");
    assertThat(page.run("return client.getSubscribedChannels()")).isEqualTo(List.of("early"));
    Map<?, ?> info = (Map<?, ?>) page.page().value("client.connect()");
    assertThat(info.get("clientId")).isNotNull().isEqualTo(page.run("return client.clientId"));
    assertThat(info.get("connectionId")).isNotNull();
    page.awaitSubscribed("early");
    publish("early");
    page.awaitMessage("early", 1);
  }

  @Test
  void theFirstMessagesAreThoseOfTheRewind() {
    publish("before");
    publish("before");
    publish("before");
    ClientPage page = connected().follow("before", "rewind: 2").awaitMessage("before", 3);
    publish("before");
    page.awaitMessage("before", 4);
    assertThat(page.offsets("before")).isEqualTo(ClientPage.offsets(2, 4));
  }

  @Test
  void handlesOfOneChannelShareItsSubscriptionAndLeaveByThemselves() {
    ClientPage page = connected();
    page.run(
        """
        const send = WebSocket.prototype.send
        window.sent = []
        WebSocket.prototype.send = function (text) { sent.push(text); send.call(this, text) }
        window.one = follow('shared', {}, 'one')
        window.two = follow('shared', {}, 'two')
        """);
    page.awaitSubscribed("one").awaitSubscribed("two");
    publish("shared");
    page.awaitMessage("one", 1).awaitMessage("two", 1);
    page.run("one.unsubscribe()");
    publish("shared");
    page.awaitMessage("two", 2);
    assertThat(page.told("one")).containsExactly("subscribed 0", "message 1", "unsubscribed");
    assertThat(page.run("return client.isSubscribed('shared')")).isEqualTo(true);
    page.run("two.unsubscribe()");
    assertThat(page.run("return client.isSubscribed('shared')")).isEqualTo(false);
    assertThat(page.run("return sent.map(text => JSON.parse(text).type)"))
        .isEqualTo(List.of("subscribe", "unsubscribe"));
  }

  @Test
  void aHandlerThatThrowsStopsNoOther() {
    ClientPage page = connected();
    page.run("client.subscribe('thrown', () => { throw new Error('thrown by the app') })");
    page.run("client.on('message', () => { throw new Error('thrown by a listener') })");
    page.follow("thrown").awaitSubscribed("thrown");
    publish("thrown");
    publish("thrown");
    page.awaitMessage("thrown", 2);
    List<String> complaints = new ArrayList<>();
    Awaitility.await().until(() -> complaints.addAll(stage.complaints()) | complaints.size() >= 4);
    assertThat(complaints).hasSize(4).allMatch(complaint -> complaint.contains("Pushgate"));
    assertThat(complaints).noneMatch(complaint -> complaint.contains("Uncaught"));
    assertThat(page.said()).doesNotContain("state disconnected");
  }

  @Test
  void aChannelThatMayNotBeJoinedIsRefusedAlone() {
    assertThat(
            node.rest()
                .post(
                    "/api/v1/channels",
                    "{\"name\":\"secret\",\"slug\":\"secret\",\"isPrivate\":true}")
                .status())
        .isEqualTo(201);
    ClientPage page =
        stage
            .client(origin() + "/pushgate.js")
            .connect(origin(), Node.PUBLISH_KEY, "")
            .follow("secret")
            .follow("open");
    page.awaitSubscribed("open");
    page.await("told.secret.some(what => what.startsWith('error FORBIDDEN'))");
    publish("open");
    publish("secret");
    publish("open");
    page.awaitMessage("open", 2);
    assertThat(page.told("secret")).hasSize(1);
    assertThat(page.errors()).isEmpty();
    assertThat(page.run("return client.connectionState")).isEqualTo("connected");
  }

  @Test
  void aPublishThatIsNotAllowedIsRejectedWithItsCode() {
    ClientPage page =
        stage
            .client(origin() + "/pushgate.js")
            .connect(origin(), Node.PUBLISH_KEY, "")
            .awaitConnected();
    assertThat(page.run("return client.publish('c', 1).catch(error => [error.code, error.name])"))
        .isEqualTo(List.of("FORBIDDEN", "PushgateError"));
    assertThat(page.errors()).isEmpty();
  }

  @Test
  void aDeletedChannelIsUnsubscribed() {
    assertThat(node.rest().declare("short-lived").status()).isEqualTo(201);
    ClientPage page = connected().follow("short-lived").awaitSubscribed("short-lived");
    assertThat(node.rest().delete("/api/v1/channels/short-lived").status()).isEqualTo(204);
    page.awaitTold("short-lived", "unsubscribed");
    assertThat(page.run("return client.isSubscribed('short-lived')")).isEqualTo(false);
  }

  @Test
  void aWrongKeyIsOneErrorAndTheEnd() {
    ClientPage page =
        stage.client(origin() + "/pushgate.js").make(origin(), "key: 'pub_nobody-has-this-one'");
    assertThat(page.run("return client.connect().catch(error => error.code)"))
        .isEqualTo("INVALID_TOKEN");
    page.awaitState("error");
    assertThat(page.errors()).hasSize(1).first().asString().startsWith("error INVALID_TOKEN: ");
    assertThat(page.said()).containsOnlyOnce("state connecting");
  }

  @Test
  void disconnectEndsItAndConnectGoesOnFromThere() {
    ClientPage page = connected().follow("paused").awaitSubscribed("paused");
    publish("paused");
    page.awaitMessage("paused", 1);
    page.run("client.disconnect()");
    publish("paused");
    publish("paused");
    page.run("return client.connect()");
    page.awaitTold("paused", "recovered 2");
    assertThat(page.told("paused"))
        .containsExactly(
            "subscribed 0",
            "message 1",
            "subscribed 3 true",
            "message 2",
            "message 3",
            "recovered 2");
  }

  @Test
  void aChannelThatBecomesPrivateIsLostAlone() {
    assertThat(node.rest().declare("closing").status()).isEqualTo(201);
    ClientPage page =
        stage
            .client(origin() + "/pushgate.js")
            .connect(origin(), Node.PUBLISH_KEY, "")
            .follow("closing")
            .follow("staying")
            .awaitSubscribed("closing")
            .awaitSubscribed("staying");
    assertThat(node.rest().patch("/api/v1/channels/closing", "{\"isPrivate\":true}").status())
        .isEqualTo(200);
    page.awaitTold("closing", "unsubscribed");
    publish("staying");
    page.awaitMessage("staying", 1);
    assertThat(page.told("closing").get(1)).startsWith("error FORBIDDEN");
    assertThat(page.errors()).isEmpty();
  }

  /// Between two tasks the browser runs the microtasks: so those that the handlers ask for tell in
  /// how many tasks they were called.
  @Test
  void framesOfOneTurnAreHandedOverInOneTask() {
    for (int i = 0; i < 100; i++) {
      publish("many");
    }
    ClientPage page = connected();
    page.run(
        """
        window.received = 0
        window.tasks = 0
        let isNoted = false
        const note = () => {
          received++
          if (!isNoted) queueMicrotask(() => { tasks++; isNoted = false })
          isNoted = true
        }
        client.subscribe('many', { rewind: 100, onMessage: note })
        """);
    page.await("received === 100");
    assertThat(((Number) page.page().value("tasks")).intValue()).isLessThan(20);
  }

  private ClientPage connected() {
    return stage
        .client(origin() + "/pushgate.js")
        .connect(origin(), Node.SECRET_KEY, "")
        .awaitConnected();
  }

  private void publish(String channel) {
    assertThat(node.rest().publish(channel, "{\"n\":1}").status()).isEqualTo(201);
  }

  private String origin() {
    return "http://127.0.0.1:" + node.port();
  }
}
