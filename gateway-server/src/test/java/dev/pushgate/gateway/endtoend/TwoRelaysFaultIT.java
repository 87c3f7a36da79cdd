package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two nodes share their channels out over two Redis, and one of those is killed and comes back
/// empty.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(120)
class TwoRelaysFaultIT {
  private static final Duration NOTICED = Duration.ofSeconds(30);
  private static final List<String> CHANNELS =
      IntStream.rangeClosed(1, 20).mapToObj(i -> "room-" + i).toList();

  private static final Set<Object> TOGETHER = Set.of("ann", "bob");

  /// Channels that they are present in.
  private final Set<String> talks = new HashSet<>();

  private final RedisProcess doomed = RedisProcess.start();
  private final RedisProcess spared = RedisProcess.start();
  private final Cluster cluster =
      new Cluster(
          doomed,
          TestPostgres.freshDatabase(),
          "PUSHGATE_RELAY_URLS",
          doomed.url() + "," + spared.url());
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    a = cluster.startInProcess();
    b = cluster.startInProcess();
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    doomed.close();
    spared.close();
  }

  @Test
  void channelsOfOneThatIsGoneAreRefusedAndTheOthersGoOn() {
    try (SocketClient member = b.connect();
        SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient bob = TokenClient.connect(b, "bob")) {
      CHANNELS.forEach(member::subscribe);
      CHANNELS.forEach(this::awaitCounted);
      Map<String, String> epochs = allArrive(member, CHANNELS, "first", 1);
      List<String> lost = channelsOf(doomed);
      List<String> kept = channelsOf(spared);
      assertThat(lost).isNotEmpty();
      assertThat(kept).isNotEmpty().doesNotContainAnyElementsOf(lost);
      assertThat(lost.size() + kept.size()).isEqualTo(CHANNELS.size());
      comeTogether(lost.getFirst(), ann, bob);
      comeTogether(kept.getFirst(), ann, bob);

      doomed.kill();
      lost.forEach(this::isRefused);
      assertThat(epochs).containsAllEntriesOf(allArrive(member, kept, "meanwhile", 2));
      await().atMost(NOTICED).until(() -> isDegraded(a) && isDegraded(b));
      assertThat(epochs).containsAllEntriesOf(allArrive(member, kept, "degraded", 3));

      doomed.launch();
      lost.forEach(channel -> await().until(() -> publish(channel, "again").status() == 201));
      Map<String, String> begun = toldOfNewEpochs(member, lost);
      assertThat(epochs.values()).doesNotContainAnyElementsOf(begun.values());
      CHANNELS.forEach(this::awaitCounted);
      assertThat(allArrive(member, lost, "at last", 2)).isEqualTo(begun);
      assertThat(epochs).containsAllEntriesOf(allArrive(member, kept, "at last", 4));
      talks.forEach(channel -> await().until(() -> present(channel).equals(TOGETHER)));
      await().atMost(NOTICED).until(() -> isUp(a) && isUp(b));
    }
  }

  /// Publishes to each at one node, and the member at the other hears that, once, and nothing else.
  ///
  /// @return channel → epoch
  private Map<String, String> allArrive(
      SocketClient member, List<String> channels, String content, long offset) {
    Map<String, String> epochs = new HashMap<>();
    for (String channel : channels) {
      Reply reply = publish(channel, content);
      assertThat(reply.status()).as(reply.body()).isEqualTo(201);
      assertThat(reply.number("data", "offset")).isEqualTo(offset);
      assertThat(reply.number("data", "delivered")).isEqualTo(subscribersOf(channel));
      epochs.put(channel, reply.text("data", "epoch"));
    }
    Set<String> missing = new HashSet<>(channels);
    while (!missing.isEmpty()) {
      String frame = member.nextButPings();
      assertThat(frame).contains("\"message\"", "\"" + content + "\"", "\"offset\":" + offset);
      assertThat(missing.remove(JsonTree.text(frame, "channel"))).as(frame).isTrue();
    }
    return epochs;
  }

  private Reply publish(String channel, String content) {
    return a.rest().publish(channel, '"' + content + '"');
  }

  private void awaitCounted(String channel) {
    await()
        .until(
            () ->
                a.rest().get("/api/v1/channels/" + channel + "/stats").number("data", "subscribers")
                    == subscribersOf(channel));
  }

  private int subscribersOf(String channel) {
    return talks.contains(channel) ? 1 + TOGETHER.size() : 1;
  }

  /// Those whose streams are there.
  private static List<String> channelsOf(RedisProcess redis) {
    try (RedisClient client = RedisClient.create(redis.url())) {
      RedisCommands<String, String> commands = client.connect().sync();
      return CHANNELS.stream()
          .filter(channel -> commands.exists("pushgate:{default/" + channel + "}:s") == 1)
          .toList();
    }
  }

  private void comeTogether(String channel, SocketClient ann, SocketClient bob) {
    talks.add(channel);
    TokenClient.enter(ann, channel, "1");
    TokenClient.enter(bob, channel, "2");
    assertThat(ann.nextWith("\"join\"")).contains("\"bob\"", "\"" + channel + "\"");
    await().until(() -> present(channel).equals(TOGETHER));
    awaitCounted(channel);
  }

  private Set<Object> present(String channel) {
    Reply roster = b.rest().get("/api/v1/channels/" + channel + "/presence");
    return roster.status() == 200
        ? roster.list("data", "members").stream()
            .map(member -> JsonTree.at(member, "userId"))
            .collect(Collectors.toSet())
        : Set.of();
  }

  private void isRefused(String channel) {
    Reply reply = publish(channel, "refused");
    assertThat(reply.status()).as(reply.body()).isEqualTo(503);
    assertThat(reply.text("code")).isEqualTo("RELAY_UNAVAILABLE");
  }

  /// Each channel has begun again, is told so once, and goes on.
  ///
  /// @return channel → epoch
  private static Map<String, String> toldOfNewEpochs(SocketClient member, List<String> lost) {
    Map<String, String> begun = new HashMap<>();
    Set<String> missing = new HashSet<>(lost);
    while (!missing.isEmpty()) {
      String frame = member.nextButPings();
      String channel = JsonTree.text(frame, "channel");
      if (begun.containsKey(channel)) {
        assertThat(frame).contains("\"message\"", "\"again\"", "\"offset\":1");
        assertThat(missing.remove(channel)).as(frame).isTrue();
      } else {
        assertThat(frame).contains("\"subscribed\"", "\"recovered\":false");
        assertThat(lost).contains(channel);
        begun.put(channel, JsonTree.text(frame, "epoch"));
      }
    }
    return begun;
  }

  /// Whether it is ready, and says which Redis is away.
  private boolean isDegraded(Node node) {
    Reply readiness = readiness(node);
    assertThat(readiness.status()).isEqualTo(200);
    assertThat(readiness.text("checks", "relay-127.0.0.1:" + spared.port())).isEqualTo("up");
    if (!readiness.text("checks", "relay-127.0.0.1:" + doomed.port()).equals("down")) {
      return false;
    }
    assertThat(readiness.text("status")).isEqualTo("degraded");
    return true;
  }

  private static boolean isUp(Node node) {
    return readiness(node).text("status").equals("up");
  }

  private static Reply readiness(Node node) {
    return node.management().get("/health/ready");
  }
}
