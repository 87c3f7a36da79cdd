package dev.pushgate.gateway.endtoend;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job: what is published over REST is received over WebSocket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
class GatewayIT {
  private NodeInProcess node;
  private Rest rest;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", directory.toString()));
    rest = node.rest();
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void aPublishWithAnEventIsReceivedWithExactlyTheFieldsOfTheWire() {
    String channel = channel();
    try (SocketClient client = node.connect()) {
      String epoch = JsonTree.text(client.subscribe(channel), "epoch");

      Reply published =
          rest.post(
              "/api/v1/publish",
              "{\"channel\":\"" + channel + "\",\"event\":\"new\",\"data\":{\"text\":\"hello\"}}");

      assertThat(published.status()).isEqualTo(201);
      String id = published.text("data", "id");
      String createdAt = published.text("data", "createdAt");
      assertThat(published.at("data")).isEqualTo(result(id, channel, createdAt, epoch));
      String frame = client.next();
      assertThat(JsonTree.parse(frame))
          .isEqualTo(message(id, channel, JsonTree.number(frame, "timestamp")));
    }
  }

  private static Map<String, Object> result(
      String id, String channel, String createdAt, String epoch) {
    return Map.ofEntries(
        entry("id", id),
        entry("channelSlug", channel),
        entry("eventType", "new"),
        entry("clientId", "sdk-server"),
        entry("delivered", 1L),
        entry("createdAt", createdAt),
        entry("epoch", epoch),
        entry("offset", 1L));
  }

  private static Map<String, Object> message(String id, String channel, long timestamp) {
    return Map.ofEntries(
        entry("type", "message"),
        entry("channel", channel),
        entry("messageId", id),
        entry("eventType", "new"),
        entry("clientId", "sdk-server"),
        entry("data", Map.of("text", "hello")),
        entry("timestamp", timestamp),
        entry("offset", 1L));
  }

  @Test
  void aPublishWithoutAnEventIsAMessage() {
    String channel = channel();
    try (SocketClient client = node.connect()) {
      client.subscribe(channel);
      assertThat(rest.publish(channel, "{\"a\":1}").status()).isEqualTo(201);
      assertThat(client.next())
          .contains("\"eventType\":\"message\"")
          .contains("\"data\":{\"a\":1}");
    }
  }

  @Test
  void aPublishToAChannelsMessagesIsReceived() {
    String channel = channel();
    try (SocketClient client = node.connect()) {
      client.subscribe(channel);
      Reply published =
          rest.post(
              "/api/v1/channels/" + channel + "/messages",
              "{\"content\":{\"a\":1},\"eventType\":\"x\",\"clientId\":\"y\"}");
      assertThat(published.status()).isEqualTo(201);
      assertThat(client.next())
          .contains("\"eventType\":\"x\",\"clientId\":\"y\",\"data\":{\"a\":1}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":  1.0e+2,\n \"a\":\"\\u00e9\\/\\ud800\",\"ü\":\"😀\"}",
        "\"text\"",
        "-0.10",
        "null",
        "[ ]",
        "true",
        "123456789012345678901234567890.5"
      })
  void dataArrivesToTheByte(String data) {
    String channel = channel();
    try (SocketClient client = node.connect()) {
      client.subscribe(channel);
      rest.publish(channel, "  " + data + " ");
      assertThat(client.next()).contains("\"data\":" + data + ",\"");
    }
  }

  @Test
  void aPublishToSeveralChannelsReachesEachOfThem() {
    String one = channel();
    String other = channel();
    try (SocketClient client = node.connect()) {
      client.subscribe(one);
      client.subscribe(other);
      Reply published =
          rest.post(
              "/api/v1/publish", "{\"channels\":[\"" + one + "\",\"" + other + "\"],\"data\":1}");
      assertThat(published.status()).isEqualTo(200);
      assertThat(published.number("data", "accepted")).isEqualTo(2);
      assertThat(List.of(client.next(), client.next()))
          .anyMatch(frame -> frame.contains(one))
          .anyMatch(frame -> frame.contains(other));
    }
  }

  @Test
  void aPublishKeyCannotPublish() {
    Reply refused = node.rest(Node.PUBLISH_KEY).publish(channel(), "1");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text("code")).isEqualTo("FORBIDDEN");
  }

  @Test
  void anUnknownKeyIsRefusedOnBothWays() {
    Reply refused = node.rest("sec_nobody-0123456789abcdef").publish(channel(), "1");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.text("code")).isEqualTo("INVALID_TOKEN");
    try (SocketClient client = new SocketClient(node.port())) {
      assertThat(client.handshake("/ws?token=pub_nobody-0123456789abcdef")).contains(" 101 ");
      assertThat(client.next()).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(client.next()).startsWith("close 4001");
    }
  }

  @Test
  void theHeaderOfAnUpgradeCountsAsWell() {
    try (SocketClient client = new SocketClient(node.port())) {
      client.handshake("/ws", "Authorization: Bearer " + Node.PUBLISH_KEY);
      assertThat(client.next()).contains("\"connected\"");
    }
  }

  @Test
  void eachPingHasItsPong() {
    try (SocketClient client = node.connect()) {
      client.text("{\"type\":\"ping\"}");
      assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
    }
  }

  @Test
  void rewindAndSinceBringWhatWasMissedAndThenGoOnLive() {
    String channel = channel();
    String epoch = rest.publish(channel, "1").text("data", "epoch");
    rest.publish(channel, "2");
    rest.publish(channel, "3");
    try (SocketClient rewinding = node.connect();
        SocketClient resuming = node.connect()) {
      rewinding.text("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\",\"rewind\":2}");
      assertThat(JsonTree.number(rewinding.next(), "offset")).isEqualTo(3);
      resuming.text(since(channel, epoch, 1));
      assertThat(resuming.next()).contains("\"recovered\":true");
      rest.publish(channel, "4");
      for (long offset = 2; offset <= 4; offset++) {
        assertThat(rewinding.next())
            .contains("\"data\":" + offset)
            .contains("\"offset\":" + offset);
        assertThat(resuming.next()).contains("\"data\":" + offset).contains("\"offset\":" + offset);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRepeatedIdempotencyKeyGivesTheFirstAnswerAndDeliversNothing(boolean declared) {
    String channel = channel();
    if (declared) {
      rest.declare(channel);
    }
    try (SocketClient client = node.connect()) {
      client.subscribe(channel);
      Reply first = rest.publish(channel, "1", "Idempotency-Key", "k");
      Reply again = rest.publish(channel, "1", "Idempotency-Key", "k");
      Reply other = rest.publish(channel, "2", "Idempotency-Key", "k");
      rest.publish(channel, "3");

      assertThat(again.status()).isEqualTo(201);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(other.status()).isEqualTo(409);
      assertThat(client.next()).contains("\"data\":1");
      assertThat(client.next()).contains("\"data\":3").contains("\"offset\":2");
    }
  }

  /// Whatever client id a connection or a minting has: over one wire first, then over the other.
  @ParameterizedTest
  @ValueSource(strings = {"secret key", "user's tokens"})
  void aRetryOverTheOtherWireGetsTheFirstAnswerAndDeliversNothing(String whose) {
    String channel = channel();
    String publish = "{\"type\":\"publish\",\"channel\":\"%s\",\"data\":1,\"id\":\"%s\"}";
    boolean isServer = whose.equals("secret key");
    try (SocketClient subscriber = node.connect();
        SocketClient socket = node.connect(isServer ? Node.SECRET_KEY : mint())) {
      Rest publisher = node.rest(isServer ? Node.SECRET_KEY : mint());
      subscriber.subscribe(channel);
      Reply overRest = publisher.publish(channel, "1", "Idempotency-Key", "rest");
      socket.text(publish.formatted(channel, "rest"));
      assertThat(overRest.status()).isEqualTo(201);
      assertThat(socket.nextWith("\"channel\"")).contains(overRest.text("data", "id"));

      socket.text(publish.formatted(channel, "socket"));
      String overSocket = socket.nextWith("\"channel\"");
      Reply again = publisher.publish(channel, "1", "Idempotency-Key", "socket");
      assertThat(again.status()).isEqualTo(201);
      assertThat(overSocket).contains(again.text("data", "id"));

      rest.publish(channel, "\"last\"");
      assertThat(subscriber.next()).endsWith("\"offset\":1}");
      assertThat(subscriber.next()).endsWith("\"offset\":2}");
      assertThat(subscriber.next()).contains("\"last\"");
    }
  }

  /// A token of the user that fixes a client id which no other has.
  private String mint() {
    Reply minted =
        rest.post("/api/v1/auth/token", "{\"userId\":\"ann\",\"grants\":{\"*\":[\"publish\"]}}");
    return minted.text("data", "token");
  }

  @Test
  void aRequestIdIsTakenOrMade() {
    Reply taken = rest.post("/api/v1/publish", "{}", "X-Request-Id", "mine-1");
    assertThat(taken.status()).isEqualTo(422);
    assertThat(taken.header("X-Request-Id")).isEqualTo("mine-1");
    assertThat(rest.get("/health").header("X-Request-Id")).isNotEmpty();
    assertThat(rest.get("/nowhere").header("X-Request-Id")).isNotEmpty();
  }

  @Test
  void theOperatorSeesTheNodeAndItsCounts() {
    rest.publish(channel(), "1");
    assertThat(node.management().get("/health/live").status()).isEqualTo(200);
    assertThat(node.management().get("/health/ready").text("status")).isEqualTo("up");
    assertThat(node.management().get("/metrics").body())
        .containsPattern("pushgate_publications_total [1-9]")
        .contains("pushgate_connections", "jvm_memory_used_bytes");
    assertThat(rest.get("/metrics").status()).isEqualTo(404);
  }

  private static String since(String channel, String epoch, long offset) {
    return "{\"type\":\"subscribe\",\"channel\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":%d}}"
        .formatted(channel, epoch, offset);
  }

  private static String channel() {
    return "c-" + UUID.randomUUID();
  }
}
