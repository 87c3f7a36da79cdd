package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.LogLines;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the level `debug` says of one client, and what it must not say.
class DebugLogIT {
  @TempDir private Path directory;

  @Test
  void requestsSessionsSubscriptionsAndRefusalsHaveALineEachAndNoneHoldsAKeyOrAToken() {
    Map<String, String> environment = Node.environment();
    environment.put("PUSHGATE_DATA_DIR", directory.toString());
    try (LogLines requests = lines("net.RequestLog");
        LogLines sessions = lines("session.Session");
        LogLines told = lines("session.SessionLog");
        NodeInProcess node = NodeInProcess.start(environment)) {
      Reply published = node.rest().publish("news", "1");
      String request = "Request " + published.header("x-request-id") + ": ";
      assertThat(requests.with(request))
          .hasSize(1)
          .first()
          .asString()
          .contains("POST /api/v1/publish with key sec_end-to-e…, answered 201 in ");
      String path = "/api/v1/nothing?token=" + Node.SECRET_KEY;
      Reply refused = new Rest("http://127.0.0.1:" + node.port(), "eyJ.token.x").get(path);
      assertThat(requests.with("Request " + refused.header("x-request-id") + ": "))
          .hasSize(1)
          .first()
          .asString()
          .contains("GET /api/v1/nothing with a token, answered 404");
      try (SocketClient client = node.connect()) {
        client.subscribe("debug-news");
        client.text("{\"type\":\"publish\",\"channel\":\"debug-news\",\"data\":1}");
        client.nextButPings();
        client.text("{\"type\":\"unsubscribe\",\"channel\":\"debug-news\"}");
        client.nextButPings();
      }
      assertThat(told.with(" subscribed to debug-news at 0")).hasSize(1);
      assertThat(told.with(" was refused FORBIDDEN at debug-news: ")).hasSize(1);
      assertThat(told.with(" unsubscribed from debug-news")).hasSize(1);
      assertThat(sessions.with(" opened by request ")).isNotEmpty();
      await().until(() -> !sessions.with(", closed: ").isEmpty());
      for (LogLines log : List.of(requests, sessions, told)) {
        for (String secret : List.of(Node.SECRET_KEY, Node.PUBLISH_KEY, "eyJ.token.x", "?token=")) {
          assertThat(log.with(secret)).isEmpty();
        }
      }
    }
  }

  private static LogLines lines(String logger) {
    return new LogLines("dev.pushgate.gateway." + logger, Level.DEBUG);
  }
}
