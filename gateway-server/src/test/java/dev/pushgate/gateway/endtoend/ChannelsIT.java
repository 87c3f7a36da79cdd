package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.app.StoreLocation;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.testing.NoLeaks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Declared channels, their history, and who may use which.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
class ChannelsIT {
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
  void aChannelIsDeclaredFoundListedChangedAndDeleted() {
    String slug = channel();
    Reply declared =
        rest.post(
            "/api/v1/channels",
            "{\"name\":\"News\",\"slug\":\"" + slug + "\",\"metadata\":{\"a\":1.50}}");
    assertThat(declared.status()).isEqualTo(201);
    assertThat(declared.at("data", "description")).isNull();
    assertThat(declared.body())
        .contains("\"metadata\":{\"a\":1.50}")
        .contains("\"messageCount\":0");
    assertThat(rest.declare(slug).status()).isEqualTo(409);

    Reply changed = rest.patch("/api/v1/channels/" + slug, "{\"description\":\"d\"}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(rest.get("/api/v1/channels/" + slug).text("data", "description")).isEqualTo("d");
    rest.patch("/api/v1/channels/" + slug, "{\"description\":null}");
    assertThat(rest.get("/api/v1/channels/" + slug).at("data", "description")).isNull();
    Reply listed = rest.get("/api/v1/channels?pageSize=100");
    assertThat(listed.body()).contains("\"slug\":\"" + slug + "\"");
    assertThat(listed.number("pagination", "page")).isEqualTo(1);

    assertThat(rest.delete("/api/v1/channels/" + slug).status()).isEqualTo(204);
    assertThat(rest.get("/api/v1/channels/" + slug).text("code")).isEqualTo("CHANNEL_NOT_FOUND");
    assertThat(rest.delete("/api/v1/channels/" + slug).status()).isEqualTo(404);
  }

  @Test
  void historyIsPagedNewestFirstAndFiltered() {
    String slug = declared();
    for (int i = 1; i <= 7; i++) {
      rest.post(messages(slug), "{\"content\":" + i + ",\"eventType\":\"e" + i % 2 + "\"}");
    }
    Reply second = rest.get(messages(slug) + "?page=2&pageSize=3");
    assertThat(second.status()).isEqualTo(200);
    assertThat(contents(second)).containsExactly("4", "3", "2");
    assertThat(second.number("data", "pagination", "total")).isEqualTo(7);
    assertThat(second.number("data", "pagination", "totalPages")).isEqualTo(3);
    assertThat(contents(rest.get(messages(slug) + "?eventType=e0"))).containsExactly("6", "4", "2");
    long fourth = second.number("data", "items", 0, "timestamp");
    assertThat(contents(rest.get(messages(slug) + "?before=" + (fourth - 60_000)))).isEmpty();
    assertThat(rest.get("/api/v1/channels/" + slug).number("data", "messageCount")).isEqualTo(7);
  }

  @Test
  void declaringAChannelInUseKeepsItsStream() {
    String slug = channel();
    try (SocketClient member = node.connect()) {
      String epoch = JsonTree.text(member.subscribe(slug), "epoch");
      rest.publish(slug, "1");
      rest.declare(slug);
      Reply second = rest.publish(slug, "2");
      assertThat(second.text("data", "epoch")).isEqualTo(epoch);
      assertThat(second.number("data", "offset")).isEqualTo(2);
      assertThat(member.next()).contains("\"offset\":1");
      assertThat(member.next()).contains("\"offset\":2");
    }
  }

  @Test
  void membersOfADeletedChannelAreToldAndItsNextStreamIsAnother() {
    String slug = declared();
    try (SocketClient member = node.connect()) {
      String epoch = JsonTree.text(member.subscribe(slug), "epoch");
      rest.publish(slug, "1");
      rest.delete("/api/v1/channels/" + slug);
      assertThat(member.next()).contains("\"offset\":1");
      assertThat(member.next())
          .isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"" + slug + "\"}");
      assertThat(JsonTree.text(member.subscribe(slug), "epoch")).isNotEqualTo(epoch);
    }
  }

  @Test
  void whoMayNotStayInAChannelMadePrivateIsToldAndOthersStay() {
    String slug = declared();
    try (SocketClient stranger = node.connect();
        SocketClient guest = node.connect(token("\"" + slug + "\":[\"subscribe\"]"))) {
      stranger.subscribe(slug);
      guest.subscribe(slug);
      rest.patch("/api/v1/channels/" + slug, "{\"isPrivate\":true}");
      assertThat(stranger.next()).contains("\"code\":\"FORBIDDEN\"").contains(slug);
      assertThat(stranger.next()).contains("\"unsubscribed\"").contains(slug);

      rest.publish(slug, "1");
      assertThat(guest.next()).contains("\"offset\":1");
      stranger.text("{\"type\":\"subscribe\",\"channel\":\"" + slug + "\",\"ref\":\"again\"}");
      assertThat(stranger.next()).contains("\"code\":\"FORBIDDEN\"").contains("\"ref\":\"again\"");
    }
  }

  @Test
  void aTokenPublishesWhereItsGrantsSaySo() {
    String open = channel();
    String closed = channel();
    String token = token("\"" + open + "\":[\"subscribe\",\"publish\"]");
    try (SocketClient writer = node.connect(token);
        SocketClient reader = node.connect()) {
      reader.subscribe(open);
      writer.text(clientPublish(open));
      String published = writer.nextWith("\"published\"");
      assertThat(published).contains("\"ref\":\"r\"").contains("\"offset\":1");
      assertThat(reader.next())
          .contains("\"messageId\":\"" + JsonTree.text(published, "messageId") + "\"")
          .contains("\"eventType\":\"hi\",\"clientId\":\"me\",\"data\":{\"a\": 1}");

      writer.text(clientPublish(closed));
      assertThat(writer.nextWith("\"error\"")).contains("\"code\":\"FORBIDDEN\"");
      reader.text(clientPublish(open));
      assertThat(reader.nextWith("\"error\"")).contains("\"code\":\"FORBIDDEN\"");
    }
  }

  @Test
  void aTokenConnectsWithAndWithoutThePrefixOfAPublishKey() {
    Reply minted =
        node.rest("")
            .post(
                "/api/v1/auth/token",
                "{\"publishKey\":\"" + Node.PUBLISH_KEY + "\",\"clientId\":\"me\"}");
    assertThat(minted.status()).isEqualTo(200);
    assertThat(minted.text("data", "clientId")).isEqualTo("me");
    assertThat(minted.text("data", "endpoint")).isEqualTo("http://127.0.0.1:" + node.port());
    assertThat(Instant.parse(minted.text("data", "expiresAt"))).isAfter(Instant.now());
    String token = minted.text("data", "token");
    for (String credential : List.of(token, "pub_" + token)) {
      try (SocketClient client = new SocketClient(node.port())) {
        client.handshake("/ws?token=" + credential);
        assertThat(client.next()).contains("\"connected\"").contains("\"clientId\":\"me\"");
        assertThat(client.subscribe(channel())).contains("\"offset\":0");
      }
    }
  }

  @Test
  void channelsOfOneNameInTwoAppsNeverMeet() {
    App other =
        new App(new AppId("other"), "Other", List.of("*"), true, false, List.of(), Instant.now());
    List<ApiKey> keys =
        List.of(key(other, "sec_other-app-0123456789"), key(other, "pub_other-app-0123456789"));
    try (SqlStore beside =
        SqlStore.open(StoreLocation.of(node.settings()).config(Claim.NONE), Clock.systemUTC())) {
      beside.keys().createApp(other, keys).toCompletableFuture().join();
    }
    Rest others = node.rest("sec_other-app-0123456789");
    String slug = declared();
    Awaitility.await()
        .untilAsserted(() -> assertThat(others.get("/api/v1/channels").status()).isEqualTo(200));

    try (SocketClient ours = node.connect();
        SocketClient theirs = node.connect("pub_other-app-0123456789")) {
      String epoch = JsonTree.text(ours.subscribe(slug), "epoch");
      assertThat(JsonTree.text(theirs.subscribe(slug), "epoch")).isNotEqualTo(epoch);
      assertThat(others.get("/api/v1/channels/" + slug).status()).isEqualTo(404);
      rest.publish(slug, "\"ours\"");
      assertThat(others.publish(slug, "\"theirs\"").number("data", "delivered")).isEqualTo(1);
      assertThat(ours.next()).contains("\"ours\"");
      assertThat(theirs.next()).contains("\"theirs\"");
      assertThat(others.declare(slug).status()).isEqualTo(201);
      rest.publish(slug, "\"ours too\"");
      assertThat(ours.next()).contains("\"ours too\"").contains("\"offset\":2");
    }
  }

  private static ApiKey key(App app, String text) {
    return KeyText.describe(app.id(), new Secret(text), "test", Instant.now(), null);
  }

  private String token(String grants) {
    return rest.post("/api/v1/auth/token", "{\"clientId\":\"me\",\"grants\":{" + grants + "}}")
        .text("data", "token");
  }

  private static String clientPublish(String channel) {
    return "{\"type\":\"publish\",\"channel\":\"%s\",\"eventType\":\"hi\",\"data\":{\"a\": 1},\"ref\":\"r\"}"
        .formatted(channel);
  }

  private static List<String> contents(Reply page) {
    List<String> contents = new ArrayList<>();
    for (Object item : page.list("data", "items")) {
      contents.add(String.valueOf(JsonTree.at(item, "content")));
    }
    return contents;
  }

  private static String messages(String slug) {
    return "/api/v1/channels/" + slug + "/messages";
  }

  private String declared() {
    String slug = channel();
    assertThat(rest.declare(slug).status()).isEqualTo(201);
    return slug;
  }

  private static String channel() {
    return "c-" + UUID.randomUUID();
  }
}
