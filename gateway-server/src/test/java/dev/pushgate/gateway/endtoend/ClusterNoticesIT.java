package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What is done to keys, connections and channels at node `a` is done at node `b` too: because it
/// is told, for neither looks into the database by itself while the tests run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(60)
class ClusterNoticesIT {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration NEVER = Duration.ofHours(1);

  private final RedisProcess redis = RedisProcess.start();
  private final Cluster cluster = new Cluster(redis, TestPostgres.freshDatabase());
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    a = cluster.startInProcess(new Gateway(NEVER));
    b = cluster.startInProcess(new Gateway(NEVER));
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  @Test
  void aKeyIsMadeAndRevokedForAll() {
    Rest management = a.rest(Node.MANAGEMENT_KEY);
    Reply made = management.post("/api/v1/keys", "{\"kind\":\"secret\",\"label\":\"l\"}");
    String key = made.text("data", "key");
    await().atMost(SOON).until(() -> b.rest(key).publish("keys", "1").status() == 201);
    try (SocketClient client = b.connect(key)) {
      client.subscribe("keys");

      management.delete("/api/v1/keys/" + made.text("data", "id"));
      long revoked = System.nanoTime();
      assertThat(client.nextWith("close")).startsWith("close 4010");
      assertThat(Duration.ofNanos(System.nanoTime() - revoked)).isLessThan(SOON);
      assertThat(b.rest(key).publish("keys", "2").status()).isEqualTo(401);
    }
  }

  @Test
  void aUserIsDisconnectedWhereverItIs() {
    try (SocketClient ann = TokenClient.connect(b, "ann");
        SocketClient bob = TokenClient.connect(b, "bob")) {
      Reply told = a.rest().post("/api/v1/connections/disconnect", "{\"userId\":\"ann\"}");
      assertThat(told.status()).isEqualTo(202);
      assertThat(ann.nextWith("close")).startsWith("close 4003");
      assertThat(bob.subscribe("there")).contains("\"subscribed\"");
    }
  }

  @Test
  void oneConnectionIsDisconnectedWhereverItIs() {
    try (SocketClient client = new SocketClient(b.port());
        SocketClient other = b.connect()) {
      client.handshake("/ws?token=" + Node.PUBLISH_KEY);
      String id = JsonTree.text(client.next(), "connectionId");
      Reply told =
          a.rest().post("/api/v1/connections/disconnect", "{\"connectionId\":\"" + id + "\"}");
      assertThat(told.status()).isEqualTo(202);
      assertThat(client.nextWith("close")).startsWith("close 4003");
      assertThat(other.subscribe("there")).contains("\"subscribed\"");
    }
  }

  @Test
  void aClientIsTakenOutOfAChannelWhereverItIs() {
    try (SocketClient ann = TokenClient.connect(b, "ann-2")) {
      ann.subscribe("left");
      ann.subscribe("kept");
      Reply told =
          a.rest()
              .post(
                  "/api/v1/connections/unsubscribe",
                  "{\"clientId\":\"of-ann-2\",\"channel\":\"left\"}");
      assertThat(told.status()).isEqualTo(202);
      assertThat(ann.next()).contains("\"unsubscribed\"", "\"left\"");
      a.rest().publish("left", "1");
      a.rest().publish("kept", "2");
      assertThat(ann.next()).contains("\"kept\"", "\"data\":2");
    }
  }

  @Test
  void aChannelIsDeclaredForAll() {
    assertThat(a.rest().declare("declared").status()).isEqualTo(201);
    assertThat(b.rest().get("/api/v1/channels/declared").status()).isEqualTo(200);
    await()
        .atMost(SOON)
        .until(
            () -> {
              b.rest().publish("declared", "1");
              return history(a, "declared").number("data", "pagination", "total") > 0;
            });
    a.rest().publish("declared", "2");
    assertThat(history(b, "declared").number("data", "items", 0, "content")).isEqualTo(2);
    assertThat(b.rest().declare("declared").status()).isEqualTo(409);
  }

  private static Reply history(Node node, String channel) {
    return node.rest().get("/api/v1/channels/" + channel + "/messages");
  }

  @Test
  void aChannelIsMadePrivateForAll() {
    a.rest().declare("secret");
    try (SocketClient member = b.connect();
        SocketClient late = b.connect()) {
      await().until(() -> b.rest().get("/api/v1/channels/secret").status() == 200);
      member.subscribe("secret");
      a.rest().patch("/api/v1/channels/secret", "{\"isPrivate\":true}");
      assertThat(member.next()).contains("\"error\"", "\"FORBIDDEN\"", "\"secret\"");
      assertThat(member.next()).contains("\"unsubscribed\"", "\"secret\"");
      late.text("{\"type\":\"subscribe\",\"channel\":\"secret\"}");
      assertThat(late.next()).contains("\"error\"", "\"FORBIDDEN\"");
    }
  }

  @Test
  void aChannelIsDeletedForAll() {
    a.rest().declare("deleted");
    Reply before = b.rest().publish("deleted", "1");
    try (SocketClient member = b.connect()) {
      member.subscribe("deleted");
      assertThat(a.rest().delete("/api/v1/channels/deleted").status()).isEqualTo(204);
      assertThat(member.next()).contains("\"unsubscribed\"", "\"deleted\"");
      assertThat(b.rest().get("/api/v1/channels/deleted").status()).isEqualTo(404);
      Reply after = b.rest().publish("deleted", "2");
      assertThat(after.number("data", "offset")).isEqualTo(1);
      assertThat(after.text("data", "epoch")).isNotEqualTo(before.text("data", "epoch"));
    }
  }
}
