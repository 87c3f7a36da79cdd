package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Three nodes are as one: what is published at one is received at all, whoever asks is told of
/// all, and a client may go on at any other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(60)
class ClusterAcrossIT {
  private static final int EACH = 200;

  private final RedisProcess redis = RedisProcess.start();
  private final Cluster cluster =
      new Cluster(redis, TestPostgres.freshDatabase(), "PUSHGATE_PRESENCE_GRACE", "1s");
  private final List<NodeInProcess> nodes = new ArrayList<>();
  private NodeInProcess a;
  private NodeInProcess b;
  private NodeInProcess c;

  @BeforeAll
  void start() {
    for (int i = 0; i < 3; i++) {
      nodes.add(cluster.startInProcess());
    }
    a = nodes.get(0);
    b = nodes.get(1);
    c = nodes.get(2);
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  @Test
  void whatAllNodesPublishAtOnceIsReceivedInOneOrderAtAll() {
    List<SocketClient> clients = nodes.stream().map(Node::connect).toList();
    clients.forEach(client -> client.subscribe("order"));
    Map<String, CompletableFuture<Reply>> sent = new HashMap<>();
    for (int i = 0; i < EACH; i++) {
      for (Node node : nodes) {
        String data = "\"" + node.port() + "-" + i + "\"";
        sent.put(data, node.rest().publishLater("order", data));
      }
    }

    Map<Long, String> published = new TreeMap<>();
    sent.forEach(
        (data, answer) -> {
          Reply reply = answer.join();
          assertThat(reply.status()).isEqualTo(201);
          published.put(reply.number("data", "offset"), reply.text("data", "id") + " " + data);
        });
    assertThat(published.keySet())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 3 * EACH).boxed().toList());
    for (SocketClient client : clients) {
      Map<Long, String> received = new HashMap<>();
      for (long offset = 1; offset <= 3 * EACH; offset++) {
        Object message = JsonTree.parse(client.nextWith("\"message\""));
        assertThat(JsonTree.at(message, "offset")).isEqualTo(offset);
        received.put(
            offset,
            JsonTree.at(message, "messageId") + " \"" + JsonTree.at(message, "data") + "\"");
      }
      assertThat(received).isEqualTo(published);
      client.close();
    }
  }

  @Test
  void subscribersOfAllNodesAreCounted() {
    try (SocketClient one = b.connect();
        SocketClient two = b.connect();
        SocketClient three = c.connect()) {
      one.subscribe("counted-1");
      two.subscribe("counted-1");
      three.subscribe("counted-1");
      three.subscribe("counted-2");

      await().until(() -> subscribers(a, "counted-1") == 3 && subscribers(a, "counted-2") == 1);
      Reply published = a.rest().publish("counted-1", "1");
      assertThat(published.number("data", "delivered")).isEqualTo(3);
      Reply stats = b.rest().get("/api/v1/channels/counted-1/stats");
      assertThat(stats.number("data", "subscribersOnNode")).isEqualTo(2);
      assertThat(stats.number("data", "offset")).isEqualTo(1);
      assertThat(stats.at("data", "epoch")).isEqualTo(published.at("data", "epoch"));
      assertThat(a.rest().get("/api/v1/occupied-channels?prefix=counted-").at("data", "items"))
          .isEqualTo(
              List.of(
                  Map.of("channel", "counted-1", "subscribers", 3L),
                  Map.of("channel", "counted-2", "subscribers", 1L)));

      two.close();
      three.close();
      await().until(() -> subscribers(a, "counted-1") == 1);
      await().until(() -> occupied(c, "counted-").equals(List.of("counted-1")));
      assertThat(a.rest().publish("counted-1", "2").number("data", "delivered")).isEqualTo(1);
    }
  }

  private static long subscribers(Node node, String channel) {
    return node.rest().get("/api/v1/channels/" + channel + "/stats").number("data", "subscribers");
  }

  private static List<Object> occupied(Node node, String prefix) {
    return node
        .rest()
        .get("/api/v1/occupied-channels?prefix=" + prefix)
        .list("data", "items")
        .stream()
        .map(item -> JsonTree.at(item, "channel"))
        .collect(Collectors.toList());
  }

  @Test
  void everyNodeKnowsAllNodes() {
    try (SocketClient one = b.connect();
        SocketClient two = b.connect()) {
      one.subscribe("here");
      two.subscribe("there");
      await().until(() -> connectionsOf(nodesAsSeenBy(a)).contains(2L));
      List<?> seen = nodesAsSeenBy(a);
      assertThat(seen).hasSize(3);
      assertThat(seen.stream().map(node -> JsonTree.at(node, "self")))
          .containsExactly(true, false, false);
      assertThat(seen)
          .allMatch(node -> Long.parseLong(JsonTree.at(node, "canaryAgeMs") + "") < 5_000);
      assertThat(ids(nodesAsSeenBy(b))).isEqualTo(ids(seen));
    }
  }

  private static List<?> nodesAsSeenBy(Node node) {
    return node.rest(Node.MANAGEMENT_KEY).get("/api/v1/nodes").list("data", "items");
  }

  private static Set<Object> connectionsOf(List<?> seen) {
    return seen.stream().map(node -> JsonTree.at(node, "connections")).collect(Collectors.toSet());
  }

  private static Set<Object> ids(List<?> seen) {
    return seen.stream().map(node -> JsonTree.at(node, "id")).collect(Collectors.toSet());
  }

  @Test
  void aClientResumesAtAnotherNode() {
    String epoch;
    try (SocketClient client = a.connect()) {
      epoch = JsonTree.text(client.subscribe("resumed"), "epoch");
      b.rest().publish("resumed", "1");
      assertThat(client.nextWith("\"message\"")).contains("\"offset\":1");
    }
    a.rest().publish("resumed", "2");
    b.rest().publish("resumed", "3");

    try (SocketClient client = c.connect()) {
      client.text(
          "{\"type\":\"subscribe\",\"channel\":\"resumed\",\"since\":{\"epoch\":\"%s\",\"offset\":1}}"
              .formatted(epoch));
      assertThat(client.nextWith("\"subscribed\"")).contains("\"recovered\":true", epoch);
      a.rest().publish("resumed", "4");
      for (int offset = 2; offset <= 4; offset++) {
        assertThat(client.next()).contains("\"offset\":" + offset, "\"data\":" + offset);
      }
    }
  }

  @Test
  void aKeyOfARetriedPublishHoldsAtAllNodes() {
    try (SocketClient client = c.connect()) {
      client.subscribe("once");
      Reply first = a.rest().publish("once", "1", "Idempotency-Key", "k");
      Reply again = b.rest().publish("once", "1", "Idempotency-Key", "k");
      Reply other = c.rest().publish("once", "2", "Idempotency-Key", "k");
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(other.status()).isEqualTo(409);
      b.rest().publish("once", "3");
      assertThat(client.next()).contains("\"data\":1");
      assertThat(client.next()).contains("\"data\":3", "\"offset\":2");
    }
  }

  @Test
  void whoIsPresentIsSeenAtAllNodes() {
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient annAgain = TokenClient.connect(c, "ann");
        SocketClient bob = TokenClient.connect(b, "bob")) {
      assertThat(members(TokenClient.enter(ann, "room", "1"))).containsExactly("ann");
      assertThat(members(TokenClient.enter(annAgain, "room", "1"))).containsExactly("ann");
      assertThat(members(TokenClient.enter(bob, "room", "{\"x\":1}"))).containsOnly("ann", "bob");
      assertThat(presence(ann)).contains("\"join\"", "\"bob\"", "\"info\":{\"x\":1}");
      bob.text("{\"type\":\"presence\",\"channel\":\"room\",\"info\":{\"x\":2}}");
      assertThat(presence(ann)).contains("\"update\"", "\"bob\"", "\"info\":{\"x\":2}");

      Reply roster = c.rest().get("/api/v1/channels/room/presence");
      assertThat(Set.copyOf(roster.list("data", "members")))
          .isEqualTo(
              Set.of(
                  Map.of("userId", "ann", "info", 1L),
                  Map.of("userId", "bob", "info", Map.of("x", 2L))));

      annAgain.close();
      bob.text("{\"type\":\"unsubscribe\",\"channel\":\"room\"}");
      String left = presence(ann);
      assertThat(left).contains("\"leave\"", "\"bob\"").doesNotContain("\"ann\"");
      assertThat(JsonTree.number(left, "version")).isGreaterThan(roster.number("data", "version"));
    }
  }

  private static String presence(SocketClient client) {
    return client.nextWith("\"type\":\"presence\"");
  }

  private static List<Object> members(String frame) {
    List<?> members =
        (List<?>) Objects.requireNonNull(JsonTree.at(JsonTree.parse(frame), "members"));
    return members.stream()
        .map(member -> JsonTree.at(member, "userId"))
        .collect(Collectors.toList());
  }
}
