package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.endtoend.NodeInProcess;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.FreePort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What the client asks over REST: a channel's history, and who is present.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class QuestionsIT {
  @RegisterExtension final BrowserStage stage = new BrowserStage();
  private NodeInProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()));
    assertThat(node.rest().declare("orders").status()).isEqualTo(201);
    for (int i = 1; i <= 3; i++) {
      String type = i == 2 ? "shipped" : "paid";
      String order = "{\"channel\":\"orders\",\"event\":\"%s\",\"data\":{\"n\":%d}}";
      assertThat(node.rest().post("/api/v1/publish", order.formatted(type, i)).status())
          .isEqualTo(201);
    }
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void historyGivesAPageOfMessagesWithoutAConnection() {
    ClientPage page = client("key: '" + token("history") + "'");
    page.run(
        "return client.history('orders', { pageSize: 2 }).then(page => { window.page = page })");
    assertThat(page.run("return page.messages.map(({ data, offset }) => [data.n, offset])"))
        .isEqualTo(List.of(List.of(3L, 3L), List.of(2L, 2L)));
    assertThat(page.run("return page.pagination"))
        .isEqualTo(Map.of("page", 1L, "pageSize", 2L, "total", 3L, "totalPages", 2L));
    assertThat(
            page.run(
                "return client.history('orders', { eventType: 'shipped', page: undefined })"
                    + ".then(({ messages }) => messages.map(({ content }) => content.n))"))
        .isEqualTo(List.of(2L));
    assertThat(page.run("return client.connectionState")).isEqualTo("disconnected");
  }

  @Test
  void aMessageOfTheHistoryLooksLikeOneThatCame() {
    ClientPage page = client("key: '" + Node.SECRET_KEY + "'").follow("orders", "rewind: 1");
    page.run("client.connect()");
    page.awaitMessage("orders", 3);
    assertThat(
            page.run(
                "return client.history('orders', { pageSize: 1 })"
                    + ".then(({ messages }) => messages[0])"))
        .isEqualTo(page.run("return messages.orders[0]"));
  }

  @Test
  void presenceGivesWhoIsThere() {
    ClientPage page = client("key: '" + token("presence") + "'");
    assertThat(page.run("return client.presence('room').then(({ members }) => members)"))
        .isEqualTo(List.of());
    try (SocketClient ann = node.connect(token("presence\",\"subscribe"))) {
      ann.text("{\"type\":\"subscribe\",\"channel\":\"room\",\"presence\":true,\"info\":7}");
      ann.nextWith("\"state\"");
      assertThat(page.run("return client.presence('room').then(({ members }) => members)"))
          .isEqualTo(List.of(Map.of("userId", "ann", "info", 7L)));
    }
  }

  @Test
  void aRefusalHasItsCode() {
    ClientPage page = client("key: '" + token("subscribe") + "'");
    for (String question : List.of("history('orders')", "presence('room')")) {
      assertThat(page.run("return client." + question + ".catch(error => error.code)"))
          .isEqualTo("FORBIDDEN");
    }
    assertThat(stage.complaints()).hasSize(2).allMatch(complaint -> complaint.contains("403"));
  }

  @Test
  void aTokenThatWasRefusedIsAskedForAnewOnce() {
    ClientPage page =
        client("getToken: async () => (window.asked = (window.asked ?? 0) + 1) < 2 ? 'old' : good");
    page.run("window.good = arguments[0]", token("history"));
    assertThat(page.run("return client.history('orders').catch(error => error.code)"))
        .as("the first token was fetched for this very question")
        .isEqualTo("INVALID_TOKEN");
    assertThat(
            page.run(
                "return client.history('orders').then(({ messages }) => [messages.length, asked])"))
        .isEqualTo(List.of(3L, 2L));
    page.run("good = 'bad'");
    assertThat(page.run("return client.history('orders').then(({ messages }) => asked)"))
        .as("the token that was good is used again")
        .isEqualTo(2L);
    assertThat(stage.complaints()).hasSize(2).allMatch(complaint -> complaint.contains("401"));
  }

  @Test
  void aGatewayThatIsAwayIsSaid() {
    ClientPage page = stage.client().make("http://127.0.0.1:" + FreePort.any(), "key: 'k'");
    assertThat(
            page.run(
                "return client.history('c').catch(({ code, retryable }) => [code, retryable])"))
        .isEqualTo(List.of("CONNECTION_FAILED", true));
  }

  private ClientPage client(String options) {
    return stage.client().make("http://127.0.0.1:" + node.port(), options);
  }

  private String token(String rights) {
    Reply minted =
        node.rest()
            .post(
                "/api/v1/auth/token",
                "{\"userId\":\"ann\",\"grants\":{\"*\":[\"%s\"]}}".formatted(rights));
    assertThat(minted.status()).isEqualTo(200);
    return minted.text("data", "token");
  }
}
